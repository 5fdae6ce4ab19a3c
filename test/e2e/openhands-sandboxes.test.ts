/*
 * Ports of sandboxes through the real door, as programs see them: named in answers, open, closed to strangers, shown
 * in status. What browsers make of them is in openhands-036.test.ts and openhands-1.test.ts.
 */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { expectNothingOdd } from "../openhands/nothing-odd.ts";
import { startOpenHands036 } from "../openhands/v036/openhands-036.ts";
import { startOpenHands1 } from "../openhands/v1/openhands-1.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

interface Heard {
  readonly status: number;
  readonly problem: string | undefined;
  readonly body: string;
}

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request to a URL of the door's, from this machine. */
async function ask({ ready }: OpenDoor, url: string, asking: Asking = {}): Promise<Heard> {
  const { hostname, host, port, pathname, search } = new URL(url);
  const { method = "GET", headers = {}, body } = asking;
  const asked = request({
    host: "127.0.0.1",
    port,
    servername: hostname,
    path: `${pathname}${search}`,
    method,
    headers: { host, accept: "application/json", ...headers },
    ca: readFileSync(ready.root.path),
    agent: false,
  });
  asked.end(body);
  const [response] = await once(asked, "response");
  const problem: unknown = response.headers["x-genkan-problem"];
  return {
    status: Number(response.statusCode),
    problem: typeof problem === "string" ? problem : undefined,
    body: await text(response),
  };
}

interface Scene {
  readonly door: OpenDoor;
  /** Asks the app, as a program that may. */
  readonly api: (path: string, asking?: Asking) => Promise<unknown>;
  readonly status: () => Promise<DoorStatus>;
}

async function doorBefore(port: number, preset: string, engine: string): Promise<Scene> {
  const home = tempFolder();
  const app = `{ target: ${port}, preset: "${preset}" }`;
  writeFileSync(join(home, "genkan.yaml"), `engine: ${engine}\napps:\n  openhands: ${app}\n`);
  const door = await openDoor(home);
  // Gently: an nginx that was not told of the end would live on.
  onTestFinished(async () => {
    await door.end();
  });
  const token = (await door.genkan("token", "probe", "--app", "openhands")).stdout.trim();
  const url = `https://openhands.local:${door.httpsPort}`;
  return {
    door,
    api: async (path, asking) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const heard = await ask(door, `${url}${path}`, { headers, ...asking });
      expect(heard.status).toBe(200);
      return JSON.parse(heard.body) as unknown;
    },
    status: async () => JSON.parse((await door.genkan("status", "--json")).stdout) as DoorStatus,
  };
}

/** What doctor finds, by the ids of checks. */
async function states(door: OpenDoor, ids: RegExp): Promise<Record<string, string>> {
  const { stdout } = await door.genkan("doctor", "--json");
  const { checks } = JSON.parse(stdout) as { checks: { id: string; state: string }[] };
  const asked = checks.filter(({ id }) => ids.test(id));
  return Object.fromEntries(asked.map(({ id, state }) => [id, state]));
}

const STRANGERS = [401, 403];

for (const engine of ["node", "nginx"]) {
  describeWithTools(`sandboxes through ${engine}`, engine === "nginx" ? ["nginx"] : [], () => {
    test("of 0.36: editor and apps are at the door, and no stranger gets to them", async () => {
      const openHands = await startOpenHands036({ hasSettings: true });
      onTestFinished(() => openHands.stop());
      const { door, api, status } = await doorBefore(openHands.port, "openhands@0.36", engine);
      const begun = await api("/api/conversations", { method: "POST", body: "{}" });
      const { conversation_id: id } = begun as { conversation_id: string };
      const editor = await api(`/api/conversations/${id}/vscode-url`);
      const hosts = await api(`/api/conversations/${id}/web-hosts`);
      const { vscode_url: url } = editor as { vscode_url: string };
      const sandbox = openHands.conversations.get(id)?.sandbox;
      expect(url).toMatch(
        new RegExp(
          `^https://openhands\\.local:\\d+/\\?tkn=${sandbox?.editor.token}&folder=/workspace$`,
        ),
      );
      const apps = Object.entries((hosts as { hosts: Record<string, number> }).hosts);
      expect(apps.map(([, port]) => port)).toEqual([sandbox?.app.port, sandbox?.silentPort]);
      for (const address of [url, ...apps.map(([host]) => host)]) {
        // oxlint-disable-next-line no-await-in-loop -- each is asked by itself
        const stranger = await ask(door, address);
        expect(STRANGERS).toContain(stranger.status);
        expect(stranger.problem).toBe("DOOR_SIGN_IN_NEEDED");
      }
      const [app] = (await status()).apps;
      expect(app?.sandboxes.map(({ kind }) => kind)).toEqual(["editor", "app", "app"]);
      expect(app?.sandboxTrouble ?? undefined).toBeUndefined();
      expect((await door.genkan("status")).stdout).toContain("SANDBOX OF");
      expect(await states(door, /sandboxes/)).toEqual({
        "app.openhands.sandboxes.open": "well",
        "app.openhands.sandboxes.around": "well",
      });
      expectNothingOdd(openHands);
    });

    test("of 1.x: the agent-server lets in by its sandbox's key, and by no other", async () => {
      const openHands = await startOpenHands1({ hasSettings: true });
      onTestFinished(() => openHands.stop());
      const { door, api } = await doorBefore(openHands.port, "openhands@1", engine);
      await api("/api/v1/app-conversations", { method: "POST", body: "{}" });
      const page = await api("/api/v1/app-conversations/search");
      const [conversation] = (page as { items: Record<string, string>[] }).items;
      const { conversation_url: url = "", session_api_key: key = "" } = conversation ?? {};
      expect(url).toMatch(/^https:\/\/openhands\.local:\d+\/api\/conversations\/[0-9a-f]{32}$/);
      const withKey = (text: string) => ask(door, url, { headers: { "x-session-api-key": text } });
      expect(await withKey(key)).toMatchObject({ status: 200, problem: undefined });
      const strangers = [await ask(door, url), await withKey(key.toUpperCase()), await withKey("")];
      expect(strangers.map(({ problem }) => problem)).toEqual(
        strangers.map(() => "DOOR_SIGN_IN_NEEDED"),
      );
      const sandboxes = await api("/api/v1/sandboxes/search");
      const [first] = (sandboxes as { items: { exposed_urls: { url: string }[] }[] }).items;
      const origins = first?.exposed_urls.map((exposed) => new URL(exposed.url));
      expect(
        origins?.every(
          ({ protocol, hostname }) => protocol === "https:" && hostname === "openhands.local",
        ),
      ).toBe(true);
      expect(origins?.[0]?.port).toBe(new URL(url).port);
      expectNothingOdd(openHands);
    });
  });
}
