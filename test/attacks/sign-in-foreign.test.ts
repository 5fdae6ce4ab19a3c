/*
 * The attacker is a page of another origin in the browser of somebody who is let in: it rides on the session. The
 * browser is at its worst here - it sends the cookie wherever it is asked to, as if SameSite were unknown to it -
 * so that the door's own rule alone stands in the way. What real browsers do is in test/e2e/sign-in-attacks.test.ts.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "./browser.ts";
import { setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";
import { talkSecurely } from "./talk.ts";

type Fields = Readonly<Record<string, string>>;

onEveryEngine((engine) => {
  const home = setHousehold(engine);
  let ada: Browser;
  beforeAll(async () => {
    ada = await home.paired("Ada's phone");
    await ada.walk(home.at("wiki"));
  });

  /** How a request says that another site is behind it. */
  const foreign = (): readonly Fields[] => [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: home.at("evil") },
    { origin: home.at("board") },
    { origin: home.at("genkan").replace("https:", "http:") },
    { origin: home.at("wiki").replace("https:", "http:") },
    { origin: "https://wiki.local" },
    { origin: "http://localhost:5173" },
    { origin: `http://localhost:${home.door.httpsPort}` },
    { origin: `https://localhost:${home.door.httpsPort}` },
    { origin: `https://wiki.localhost:${home.door.httpsPort}` },
    { origin: `${home.at("wiki")}.evil.example` },
    { origin: `${home.at("wiki")} https://evil.example` },
    // No browser sends an empty one; to nginx it is none.
    ...(engine === "node" ? [{ origin: "" }] : []),
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "null", "sec-fetch-site": "same-origin" },
  ];
  const FORM = { "content-type": "application/x-www-form-urlencoded" };
  const DISGUISES: readonly Fields[] = [
    FORM,
    { "content-type": "text/plain" },
    { "content-type": "multipart/form-data; boundary=b" },
    { "content-type": "application/json" },
  ];

  test("gives an app no order, by any method, from any other origin", async () => {
    for (const headers of foreign()) {
      for (const method of ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "post"]) {
        const { status } = await ada.ask(home.at("wiki", "/order"), { method, headers, body: "x" });
        expect([headers, method, status]).toEqual([headers, method, 403]);
      }
    }
    expect(home.reached).toEqual([]);
    const own = { origin: home.at("wiki") };
    expect((await ada.ask(home.at("wiki"), { method: "POST", headers: own })).status).toBe(200);
  });

  test("opens no WebSocket to an app", async () => {
    const shake = async (fields: Fields): Promise<string> => {
      const talk = await talkSecurely(home.door, "wiki.local");
      const lines = Object.entries({
        host: `wiki.local:${home.door.httpsPort}`,
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        ...fields,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      talk.say(`GET /talk HTTP/1.1\r\n${lines.join("")}\r\n`);
      return (await talk.until("\r\n")).slice(9, 12);
    };
    const cookie = ada.sessionAt("wiki.local");
    for (const fields of foreign()) {
      expect([fields, await shake({ ...fields, cookie })]).toEqual([fields, "403"]);
    }
    const own = { origin: home.at("wiki") };
    expect(await shake(own)).toBe("401");
    expect(home.reached).toEqual([]);
    expect(await shake({ ...own, cookie })).toBe("101");
  });

  describe("at the portal", () => {
    const ORDERS = [
      ["/pair", { digits: "000000", name: "evil" }],
      ["/devices/rename", { id: "ADA", name: "evil" }],
      ["/devices/revoke", { id: "ADA" }],
      ["/devices/pair", { who: "owner", name: "evil" }],
      ["/sign-out", {}],
    ] as const;

    test("nobody is paired, named, invited, revoked or signed out", async () => {
      const { devices } = await devicesNow();
      const { id } = devices.find(({ name }) => name === "Ada's phone") ?? { id: "" };
      for (const [path, fields] of ORDERS) {
        const meant = meaning(fields, id);
        for (const headers of foreign()) {
          for (const type of DISGUISES) {
            const { status } = await ada.ask(home.at("genkan", path), {
              method: "POST",
              headers: { ...type, ...headers },
              body: new URLSearchParams(meant).toString(),
            });
            expect([path, headers, status]).toEqual([path, headers, 403]);
          }
        }
      }
      expect((await devicesNow()).devices).toEqual(devices);
      expect((await ada.open(home.at("genkan", "/devices"))).status).toBe(200);
    });

    test("nothing happens by GET, or by a method that calls itself another", async () => {
      const { devices } = await devicesNow();
      const [{ id } = { id: "" }] = devices;
      const more = { "x-http-method-override": "POST", "x-method-override": "POST" };
      for (const [path, fields] of ORDERS) {
        const meant = meaning(fields, id);
        const query = new URLSearchParams([...meant, ["_method", "POST"]]).toString();
        for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
          const own = { origin: home.at("genkan"), ...more };
          await ada.ask(home.at("genkan", `${path}?${query}`), { method, headers: own });
        }
      }
      expect((await devicesNow()).devices).toEqual(devices);
    });

    test("an app's page cannot sign a device out of another app", async () => {
      for (const headers of foreign()) {
        const out = home.at("wiki", "/.genkan/sign-out");
        const { status } = await ada.ask(out, { method: "POST", headers: { ...FORM, ...headers } });
        expect([headers, status]).toEqual([headers, 403]);
      }
      expect((await ada.open(home.at("wiki"))).status).toBe(200);
    });

    test("no page of the door is shown in a frame, or to a script of another origin", async () => {
      const pages = ["/", "/pair", "/devices", "/sign-out", "/devices/pair", "/nowhere", "/check"];
      for (const url of [
        ...pages.map((path) => home.at("genkan", path)),
        home.at("wiki", "/.genkan/x"),
      ]) {
        const { headers } = await ada.open(url, { headers: { origin: "https://evil.example" } });
        expect(String(headers["content-security-policy"])).toContain("frame-ancestors 'none'");
        expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual(
          [],
        );
        expect(headers["cache-control"]).toBe("no-store");
      }
    });

    test("what asks before it asks is told nothing either", async () => {
      const headers = {
        origin: "https://evil.example",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "authorization",
      };
      for (const url of [
        home.at("genkan", "/pair"),
        home.at("wiki"),
        home.at("wiki", "/.genkan/"),
      ]) {
        const answer = await home.stranger().ask(url, { method: "OPTIONS", headers });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(Object.keys(answer.headers).join()).not.toContain("access-control");
      }
      expect(home.reached).toEqual([]);
    });
  });

  function meaning(fields: Fields, id: string): [string, string][] {
    return Object.entries(fields).map(([name, value]) => [name, value.replace("ADA", id)]);
  }

  async function devicesNow(): Promise<{ devices: { id: string; name: string }[] }> {
    return JSON.parse(await home.genkan("devices", "--json")) as never;
  }
});
