import { describe, expect, test } from "vitest";
import { accessWorld, pairDevice, PORTAL } from "../../test/support/access.ts";
import { silentLog } from "../kernel/log.ts";
import type { Access } from "./access.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import { createGate, type Knock } from "./gate.ts";
import { identityHeaders } from "./identity.ts";

const HOST = "wiki.local";
const knock = (more: Partial<Knock> = {}): Knock => ({
  app: "wiki",
  access: "household",
  openPaths: [],
  host: HOST,
  cookies: [],
  authorization: undefined,
  method: "GET",
  path: "/",
  isWebSocket: false,
  fetchMode: "navigate",
  fetchDest: "document",
  accept: "text/html",
  address: "192.168.1.20",
  ...more,
});
const cookie = (token: string): string[] => [`${SESSION_COOKIE}=${token}`];

async function signedIn(access: Access, name = "phone"): Promise<{ id: string; token: string }> {
  const { id } = await pairDevice(access, name);
  return { id, token: await access.signIn(id, HOST) };
}

test("a stranger is sent to the portal, a paired device is let in and known by name", async () => {
  const access = await accessWorld().open();
  expect(access.gate.answer(knock())).toMatchObject({
    verdict: { is: "to-portal", isUnsent: false },
    visitor: { is: "nobody" },
  });
  const { id, token } = await signedIn(access);
  const answered = access.gate.answer(knock({ cookies: cookie(token) }));
  expect(answered).toMatchObject({
    verdict: { is: "let-in" },
    visitor: { is: "device", id, name: "phone", role: "owner" },
    isStale: false,
  });
  expect(access.devices.named(id)).toMatchObject({ apps: ["wiki"], addresses: ["192.168.1.20"] });
});

test("a session below .localhost, which browsers show to every port of their machine, is good from this machine alone", async () => {
  const access = await accessWorld().open();
  const { id } = await pairDevice(access, "laptop");
  for (const host of ["wiki.localhost", "localhost", "127.0.0.1", "[::1]"]) {
    const cookies = cookie(await access.signIn(id, host));
    const from = (address: string) =>
      access.gate.answer(knock({ host, cookies, address })).visitor.is;
    expect(["127.0.0.1", "::ffff:127.0.0.1", "::1"].map(from)).toEqual([
      "device",
      "device",
      "device",
    ]);
    // A container asks from its bridge, however it came by the session.
    expect(["172.17.0.2", "::ffff:172.17.0.2", "fd00::2", "unknown"].map(from)).toEqual(
      Array.from({ length: 4 }, () => "nobody"),
    );
  }
});

describe("a session is good for its own host alone", () => {
  test("the portal's opens no app, an app's no other app and not the portal", async () => {
    const access = await accessWorld().open();
    const { id, token: portal } = await pairDevice(access, "phone");
    const wiki = await access.signIn(id, HOST);
    const visitor = (host: string, token: string) =>
      access.gate.identify({
        host,
        cookies: cookie(token),
        authorization: undefined,
        address: "192.168.1.20",
      }).visitor.is;
    expect(visitor(PORTAL, portal)).toBe("device");
    expect(visitor(HOST, portal)).toBe("nobody");
    expect(visitor(PORTAL, wiki)).toBe("nobody");
    expect(visitor("nas.local", wiki)).toBe("nobody");
  });
});

test("a device that was revoked is out at once, on every host, and its holders are told", async () => {
  const access = await accessWorld().open();
  await pairDevice(access, "laptop");
  const { id, token } = await signedIn(access, "phone");
  const ended: string[] = [];
  access.onEnd((device) => {
    ended.push(device);
    expect(access.gate.answer(knock({ cookies: cookie(token) })).visitor.is).toBe("nobody");
  });
  await access.revoke("Phone");
  expect(ended).toEqual([id]);
  expect(access.gate.answer(knock({ cookies: cookie(token), isWebSocket: true })).verdict).toEqual({
    is: "sign-in-needed",
  });
});

describe("programs", () => {
  test("a token opens its apps, and never goes to the app", async () => {
    const access = await accessWorld().open();
    const token = await access.tokens.create({ name: "ci", apps: ["wiki"], expires: null });
    const authorization = `Bearer ${token}`;
    expect(access.gate.answer(knock({ authorization }))).toMatchObject({
      verdict: { is: "let-in" },
      visitor: { is: "program", name: "ci" },
      isTokenOurs: true,
    });
    expect(access.gate.answer(knock({ authorization, app: "nas" })).verdict).toEqual({
      is: "refused",
      why: "other-app",
    });
  });

  test("a token that is no good is not made good by a cookie, and is kept from the app, too", async () => {
    const access = await accessWorld().open();
    const { token } = await signedIn(access);
    const authorization = "Bearer genkan_guess";
    expect(access.gate.answer(knock({ authorization, cookies: cookie(token) }))).toMatchObject({
      visitor: { is: "nobody" },
      isTokenOurs: true,
    });
  });

  test("an Authorization that is the app's own leaves the session as it is", async () => {
    const access = await accessWorld().open();
    const { token } = await signedIn(access);
    const authorization = "Bearer of-the-app";
    expect(access.gate.answer(knock({ authorization, cookies: cookie(token) }))).toMatchObject({
      verdict: { is: "let-in" },
      isTokenOurs: false,
    });
  });
});

test("a gate that fails lets nobody in and hands nothing on", () => {
  const broken = (): never => {
    throw new Error("broken");
  };
  const gate = createGate({
    devices: { alive: broken, saw: broken },
    sessions: { find: broken, isStale: broken },
    tokens: { find: broken },
    isRevoked: broken,
    log: silentLog,
  });
  const answered = gate.answer(knock({ cookies: cookie("a".repeat(43)), access: "open" }));
  expect(answered).toMatchObject({
    verdict: { is: "closed" },
    visitor: { is: "nobody" },
    isTokenOurs: true,
  });
});

test("an app hears who it is in headers that hold in ASCII", () => {
  expect(identityHeaders({ is: "nobody" })).toEqual([]);
  const device = { is: "device", id: "d1", name: "台所\r\nX-Evil: 1", role: "guest" } as const;
  const headers = identityHeaders(device);
  expect(headers).toContainEqual(["X-Genkan-Role", "guest"]);
  for (const [, value] of headers) expect(value).toMatch(/^[\x21-\x7e]+$/);
  expect(identityHeaders({ is: "program", id: "t1", name: "ci", apps: [] })).toContainEqual([
    "X-Genkan-Program",
    "t1",
  ]);
});
