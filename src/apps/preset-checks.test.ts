import { expect, test } from "vitest";
import { KNOWN_APPS, type KnownApp } from "../../test/support/known-apps.ts";
import { serveKnownApp } from "../../test/support/serve-app.ts";
import type { Finding } from "../kernel/check.ts";
import type { PresetName } from "../model/preset.ts";
import { presetChecks } from "./preset-checks.ts";

interface Place {
  readonly app: KnownApp | undefined;
  readonly hosts?: readonly string[];
}

/** What doctor finds of an app, by the end of the check's id. */
async function findings(preset: PresetName, place: Place): Promise<Record<string, Finding>> {
  const { upstream } = await serveKnownApp(place.app ?? (() => ({ body: "" })));
  const at = {
    origin: "https://it.local:8443",
    hosts: place.hosts ?? ["it.local"],
    access: "open",
  } as const;
  const checks = presetChecks({ name: "it", preset, upstream, at });
  const looked = await Promise.all(
    checks.map(async (check) => {
      const id = check.id.replace("app.it.", "");
      return [id, await check.look(new AbortController().signal)] as const;
    }),
  );
  return Object.fromEntries(looked);
}

const homeAssistant = KNOWN_APPS["home-assistant"];

test("Home Assistant that was not told of a proxy is found out, with the line to write", async () => {
  const { preset, ...traps } = await findings("home-assistant", { app: homeAssistant });
  expect(preset).toEqual({ state: "well", note: "Home Assistant" });
  expect(traps["trusted-proxies"]).toMatchObject({
    state: "unwell",
    severity: "high",
    fix: { says: expect.stringContaining("use_x_forwarded_for: true") },
  });
});

test("Home Assistant that was told is well", async () => {
  const app: KnownApp = (path) => homeAssistant?.(path, {}) ?? { body: "" };
  const traps = await findings("home-assistant", { app });
  expect(traps["trusted-proxies"]).toEqual({ state: "well" });
});

test.each(["gitea", "grafana"] as const)("%s with another root address says so", async (preset) => {
  const app = KNOWN_APPS[preset];
  const trapped = (await findings(preset, { app }))["root-url"];
  expect(trapped).toMatchObject({
    state: "unwell",
    fix: { says: expect.stringContaining("https://it.local:8443/") },
  });
  const told: KnownApp = (path, headers) => {
    const answer = app?.(path, headers) ?? { body: "" };
    const body = answer.body.replaceAll(
      /http:(?:\/\/|\\\/\\\/)localhost:3000/g,
      "https://it.local:8443",
    );
    return { ...answer, body };
  };
  expect((await findings(preset, { app: told }))["root-url"]).toEqual({ state: "well" });
});

test("Jupyter and Ollama refuse names they do not know, each their own", async () => {
  const jupyter = await findings("jupyter", { app: KNOWN_APPS.jupyter });
  expect(jupyter["local-hostnames"]).toMatchObject({ state: "unwell" });
  const local = await findings("ollama", { app: KNOWN_APPS.ollama });
  expect(local["host-names"]).toEqual({ state: "well" });
  const hosts = ["it.local", "it.yourdomain.example"];
  const domain = await findings("ollama", { app: KNOWN_APPS.ollama, hosts });
  expect(domain["host-names"]).toMatchObject({ state: "unwell" });
});

test("n8n that hands out localhost is found out; Open WebUI that lets nobody else in, too", async () => {
  const n8n = await findings("n8n", { app: KNOWN_APPS.n8n });
  expect(n8n["webhook-url"]).toMatchObject({ state: "unwell" });
  const webui = KNOWN_APPS["open-webui"];
  const any: KnownApp = (path, headers) => ({
    ...(webui?.(path, headers) ?? { body: "" }),
    headers: { "access-control-allow-origin": "*" },
  });
  const found = await findings("open-webui", { app: any });
  expect(found["cors-allow-origin"]).toEqual({ state: "well" });
  const closed = await findings("open-webui", { app: webui });
  expect(closed["cors-allow-origin"]).toMatchObject({ state: "unwell" });
});

test("an app that is another than was written is told apart; one that says nothing is unknown", async () => {
  const other = await findings("grafana", { app: KNOWN_APPS.gitea });
  expect(other["preset"]).toMatchObject({
    state: "unwell",
    fix: { says: "Write preset: gitea for it in genkan.yaml" },
  });
  const silent = await findings("grafana", { app: undefined });
  expect(silent["preset"]).toMatchObject({ state: "unknown" });
});

test("of an app like any other nothing is asked", () => {
  const upstream = { scheme: "http", host: "localhost", port: 1, insecure: false } as const;
  const at = { origin: "https://it.local", hosts: ["it.local"], access: "open" } as const;
  expect(presetChecks({ name: "it", preset: undefined, upstream, at })).toEqual([]);
});
