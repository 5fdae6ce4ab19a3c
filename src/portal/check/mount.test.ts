import { Hono } from "hono";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { silentLog } from "../../kernel/log.ts";
import { openDeviceList } from "./device-list.ts";
import { type CheckNeeds, mountCheck } from "./mount.ts";
import type { Met } from "./needs.ts";

const NOW = Date.UTC(2026, 10, 25);
const PLAIN = "http://genkan.local";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1";
const observed = {
  isSecure: true,
  now: NOW,
  echo: "yes",
  silence: "yes",
  witness: "yes",
  canary: "no",
};

async function portal(more: Partial<CheckNeeds> = {}) {
  const path = join(tempFolder(), "devices-checked.json");
  const devices = await openDeviceList({ path, log: silentLog });
  const needs: CheckNeeds = {
    version: "9.8.7",
    now: () => NOW,
    place: () => ({ plainOrigin: undefined, secureOrigin: "https://genkan.local:8443" }),
    plainOrigins: () => [PLAIN, "http://192.168.1.2"],
    certificate: async () => ({ notBefore: NOW - 1000, notAfter: NOW + 1000 }),
    ports: {
      witness: 7001,
      canary: 7002,
      reached: () => ({ witness: true, canary: true }),
      stop: async () => undefined,
    },
    hasLimits: true,
    devices,
    ...more,
  };
  const app = new Hono();
  mountCheck(app, needs);
  const met: Met = { protocol: "h2", from: "192.168.1.7", at: "192.168.1.2" };
  const ask = (path: string, init: RequestInit = {}, from = met.from) =>
    app.fetch(new Request(`https://genkan.local:8443${path}`, init), { met: { ...met, from } });
  const report = (body: string, headers: Record<string, string> = {}, from = met.from) =>
    ask(
      "/check/result",
      {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(body)),
          "user-agent": IPHONE,
          ...headers,
        },
      },
      from,
    );
  return { app, devices, ask, report };
}

test("the page may reach its two ports and its WebSocket, and nothing else", async () => {
  const { ask } = await portal();
  const page = await ask("/check");
  const policy = page.headers.get("content-security-policy");
  expect(policy).toContain(
    "connect-src 'self' wss://genkan.local:8443 https://genkan.local:7001 https://genkan.local:7002;",
  );
  expect(await page.text()).toContain('data-witness="7001" data-canary="7002"');
});

test("the cookie is for this host alone, out of reach of scripts, and kept when it is there", async () => {
  const { ask } = await portal();
  const cookie = (await ask("/check")).headers.get("set-cookie");
  expect(cookie).toMatch(
    /^__Host-genkan-check=[0-9a-f]{32}; Max-Age=\d+; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  );
  const [kept = ""] = cookie!.split(";");
  const again = await ask("/check", { headers: { cookie: `other=1; ${kept}` } });
  expect(again.headers.get("set-cookie")).toContain(kept);
  const forged = await ask("/check", { headers: { cookie: "__Host-genkan-check=x;y" } });
  expect(forged.headers.get("set-cookie")).toMatch(/=[0-9a-f]{32};/);
});

test("a report is judged, answered in the visitor's language, and noted without its cookie", async () => {
  const { report, devices } = await portal();
  const secret = "0123456789abcdef".repeat(2);
  const headers = { cookie: `__Host-genkan-check=${secret}`, "accept-language": "ja" };
  const shown = (await (await report(JSON.stringify(observed), headers)).json()) as {
    state: string;
    says: string;
  };
  expect(shown).toMatchObject({ state: "well", says: "この端末に問題はありません。" });
  const [device] = devices.all();
  expect(device).toMatchObject({ kind: "iphone", from: "192.168.1.7", rows: { limits: "well" } });
  expect(JSON.stringify(devices.all())).not.toContain(secret);
  await report(JSON.stringify({ ...observed, canary: "yes" }), headers);
  expect(devices.all()).toHaveLength(1);
  expect(devices.all()[0]!.rows.limits).toBe("unwell");
});

test("a device that keeps no cookies is told so", async () => {
  const { report } = await portal();
  const { rows } = (await (await report(JSON.stringify(observed))).json()) as {
    rows: { row: string; state: string; next: string }[];
  };
  expect(rows.find(({ row }) => row === "cookies")).toMatchObject({
    state: "unwell",
    next: expect.stringContaining("Allow cookies"),
  });
});

test.each([
  { what: "something else than JSON", body: "isSecure", status: 400 },
  { what: "no such trial", body: JSON.stringify({ ...observed, echo: "<b>" }), status: 400 },
  { what: "a time that is none", body: JSON.stringify({ ...observed, now: 1e300 }), status: 400 },
  { what: "nothing of what is asked", body: "null", status: 400 },
  { what: "a form", body: "a=b", headers: { "content-type": "text/plain" }, status: 415 },
  { what: "too much", body: " ".repeat(2000), status: 413 },
  { what: "no length", body: "{}", headers: { "content-length": "" }, status: 413 },
])("a report of $what is refused and not noted", async ({ body, headers = {}, status }) => {
  const { report, devices } = await portal();
  expect((await report(body, headers)).status).toBe(status);
  expect(devices.all()).toEqual([]);
});

test("whoever reports too often is told to wait, and others are not", async () => {
  const { report } = await portal();
  const statuses: number[] = [];
  for (let i = 0; i < 14; i += 1) statuses.push((await report(JSON.stringify(observed))).status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(12);
  expect(statuses.at(-1)).toBe(429);
  expect((await report(JSON.stringify(observed), {}, "192.168.1.9")).status).toBe(200);
});

test.each(["/probe.svg", "/probe.json"])(
  "%s can be read by the door's own plain pages and by no other site",
  async (path) => {
    const { ask } = await portal();
    const readers = async (origin: string) =>
      (await ask(path, { headers: { origin } })).headers.get("access-control-allow-origin");
    expect(await readers(PLAIN)).toBe(PLAIN);
    expect(await readers("http://192.168.1.2")).toBe("http://192.168.1.2");
    for (const other of ["null", "http://genkan.local.evil.test", "http://genkan.local:81", "*"]) {
      expect(await readers(other)).toBeNull();
    }
    const bare = await ask(path);
    expect(bare.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(bare.headers.get("vary")).toBe("Origin");
  },
);

test("opened by address, the page tries what it can and leads to the name", async () => {
  const { app } = await portal();
  const page = await app.fetch(new Request("https://192.168.1.2/check?lang=en"), {});
  const text = await page.text();
  expect(text).not.toMatch(/data-(witness|canary)=/);
  expect(text).toContain('href="https://genkan.local:8443/check?lang=en"');
});

test("where the ports could not be opened, the page says what cannot be known", async () => {
  const { report } = await portal({ ports: undefined });
  const body = JSON.stringify({ ...observed, witness: "no", canary: "no" });
  const { state, rows } = (await (await report(body)).json()) as {
    state: string;
    rows: { row: string; state: string }[];
  };
  expect(state).toBe("unwell"); // the cookie
  expect(rows.find(({ row }) => row === "trust")!.state).toBe("unknown");
});
