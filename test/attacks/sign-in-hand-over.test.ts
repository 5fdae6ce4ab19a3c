/*
 * The attacker wants a session that is not theirs, or wants a member of the household to use the attacker's: by
 * the code that takes a visitor from the portal to an app, which travels in an address, and by the addresses
 * that say where to go afterwards, which anybody can write.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "./browser.ts";
import { setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";

onEveryEngine((engine) => {
  const home = setHousehold(engine);
  let ada: Browser;
  beforeAll(async () => {
    ada = await home.paired("Ada's phone");
  });

  /** On the way to an app, up to the address with the code, which is not opened. */
  async function codeFor(browser: Browser, app: string, path = "/"): Promise<URL> {
    browser.jar.get(`${app}.local`)?.delete("__Host-genkan");
    const { location } = await browser.open(home.at(app, path));
    const { location: onward } = await browser.open(location);
    const address = new URL(onward);
    expect(address.origin + address.pathname).toBe(home.at(app, "/.genkan/enter"));
    return address;
  }

  test("the honest way leads back to the very page, and to the next app without a question", async () => {
    const page = await ada.walk(home.at("wiki", "/a/b?c=d&e=%2F"));
    expect(page).toMatchObject({ status: 200, body: "at your orders" });
    expect(page.way.at(-1)).toBe(home.at("wiki", "/a/b?c=d&e=%2F"));
    expect((await ada.walk(home.at("ledger"))).status).toBe(200);
    expect(home.reached.map(({ what }) => what)).toEqual(["GET /a/b?c=d&e=%2F", "GET /"]);
  });

  describe("a code that leaked", () => {
    test("is good once", async () => {
      const address = (await codeFor(ada, "wiki")).href;
      const nonce = ada.jar.get("wiki.local")?.get("__Host-genkan-nonce") ?? "";
      expect((await ada.open(address)).status).toBe(303);
      const thief = home.stranger();
      thief.jar.set("wiki.local", new Map([["__Host-genkan-nonce", nonce]]));
      expect((await thief.open(address)).status).toBe(403);
      expect(thief.sessionAt("wiki.local")).toBe("");
    });

    test("is good for nothing in another browser, and then for nobody", async () => {
      const address = (await codeFor(ada, "wiki")).href;
      const thief = home.stranger();
      expect((await thief.open(address)).status).toBe(403); // it has no nonce
      await thief.open(home.at("wiki")); // it has one, but another
      expect((await thief.open(address)).status).toBe(403);
      expect(thief.sessionAt("wiki.local")).toBe("");
      expect((await ada.open(address)).status).toBe(403);
      expect((await ada.walk(home.at("wiki"))).status).toBe(200);
    });

    test("is good for nothing at another app, the hostile one included", async () => {
      for (const app of ["ledger", "evil"]) {
        const address = await codeFor(ada, "wiki");
        const nonce = ada.jar.get("wiki.local")?.get("__Host-genkan-nonce") ?? "";
        const thief = home.stranger();
        thief.jar.set(`${app}.local`, new Map([["__Host-genkan-nonce", nonce]]));
        expect((await thief.open(home.at(app, address.pathname + address.search))).status).toBe(
          403,
        );
        expect(thief.sessionAt(`${app}.local`)).toBe("");
      }
      expect(home.reached).toEqual([]);
    });

    test("never came to the app, to another site, or into a log", async () => {
      const address = await codeFor(ada, "wiki", "/deep?session_api_key=hunter2");
      const code = address.searchParams.get("code") ?? "";
      const taken = await ada.open(address.href);
      expect(taken.headers["referrer-policy"]).toBe("no-referrer");
      expect(taken.headers["cache-control"]).toBe("no-store");
      expect(taken.location).toBe(home.at("wiki", "/deep?session_api_key=hunter2"));
      await ada.open(taken.location);
      await home.stranger().open(address.href);
      const { logs } = logsOf(home.door.home);
      expect(code).toHaveLength(43);
      expect(JSON.stringify(home.reached)).not.toContain(code);
      expect(logs).toContain("device.signed-in");
      expect(logs).not.toContain(code);
      expect(logs).not.toContain("hunter2");
      for (const [, cookies] of ada.jar)
        for (const [, value] of cookies) expect(logs).not.toContain(value);
    });
  });

  describe("a member of the household who should use the attacker's session", () => {
    test("is not signed in by the attacker's code", async () => {
      const mallory = await home.paired("Mallory's tablet", "--guest", "1d");
      const address = (await codeFor(mallory, "wiki")).href;
      const bob = await home.paired("Bob's laptop");
      await bob.open(home.at("wiki")); // has a nonce of his own
      expect((await bob.open(address)).status).toBe(403);
      expect(bob.sessionAt("wiki.local")).toBe("");
      await bob.walk(home.at("wiki"));
      const before = bob.sessionAt("wiki.local");
      const again = (await codeFor(mallory, "wiki")).href;
      expect((await bob.open(again)).location).toBe(home.at("wiki", "/"));
      expect(bob.sessionAt("wiki.local")).toBe(before);
      await home.genkan("revoke", "Mallory's tablet");
    });

    test("is not signed in by a code that was made for a browser without a nonce", async () => {
      const mallory = await home.paired("Mallory's other tablet", "--guest", "1d");
      const n = createHash("sha256").update("").digest("base64url");
      const way = { to: `wiki.local:${home.door.httpsPort}`, n, path: "/" };
      const query = new URLSearchParams(way).toString();
      const { location } = await mallory.open(home.at("genkan", `/enter?${query}`));
      for (const cookie of ["a=b", "__Host-genkan-nonce=", "__Host-genkan-nonce"]) {
        const bob = home.stranger();
        const { status, headers } = await bob.open(location, { headers: { cookie } });
        expect([cookie, status, headers["set-cookie"]]).toEqual([cookie, 403, undefined]);
      }
      await home.genkan("revoke", "Mallory's other tablet");
    });

    test("gets a session of his own, whatever was planted before", async () => {
      const bob = await home.paired("Bob's second laptop");
      const planted = "A".repeat(43);
      bob.jar.set("wiki.local", new Map([["__Host-genkan", planted]]));
      const page = await bob.walk(home.at("wiki"));
      expect(page.status).toBe(200);
      expect(bob.sessionAt("wiki.local")).not.toContain(planted);
      const { status } = await home.stranger().ask(home.at("wiki"), {
        headers: { cookie: `__Host-genkan=${planted}` },
      });
      expect(status).toBe(401);
    });
  });

  describe("an address that should lead elsewhere", () => {
    const hash = "A".repeat(43);
    const enter = (to: string, path: string): string =>
      home.at("genkan", `/enter?${new URLSearchParams({ to, n: hash, path }).toString()}`);

    test.each([
      "evil.example",
      "https://evil.example",
      "//evil.example",
      "wiki.local@evil.example",
      "wiki.local:443@evil.example",
      "evil.example/wiki.local",
      "evil.example#wiki.local",
      "evil.example?wiki.local",
      "evil.example\\wiki.local",
      "wiki.local.evil.example",
      "wiki.local%00.evil.example",
      "wiki.local\r\nLocation: https://evil.example",
      "wiki.local\tevil.example",
      " wiki.local",
      "wiki.local:9999",
      "wiki.local:0",
      "wiki.local:",
      "wiki.local",
      "ｗiki.local:PORT",
      "wiki。local:PORT",
      "wıki.local:PORT",
      "wiki.local:PORT:PORT",
      "wiki.local:PORT/",
      "u@wiki.local:PORT",
      "genkan.local:PORT",
      "127.0.0.1:PORT",
      "[::1]:PORT",
      "",
    ])("to=%j leads nowhere", async (to) => {
      const asked = enter(to.replaceAll("PORT", String(home.door.httpsPort)), "/");
      for (const browser of [ada, home.stranger()]) {
        const { status, location, body } = await browser.open(asked);
        expect([status, location]).toEqual([400, ""]);
        expect(body).not.toMatch(/evil/);
      }
    });

    test.each([
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "evil",
      "",
      " /",
      "/\r\nSet-Cookie: a=b",
      "/\t/evil.example",
      "/a b",
      "/é",
      "/.genkan/enter?code=x&path=/",
      "/.genkan/sign-out",
    ])("path=%j leads nowhere", async (path) => {
      const to = `wiki.local:${home.door.httpsPort}`;
      const code = "A".repeat(43);
      const query = new URLSearchParams({ code, path }).toString();
      for (const url of [enter(to, path), home.at("wiki", `/.genkan/enter?${query}`)]) {
        const { status, location, headers } = await ada.open(url);
        expect([url, status, location]).toEqual([url, 400, ""]);
        expect(headers["set-cookie"]).toBeUndefined();
      }
    });

    test.each(["/%2f%2fevil.example", "/%5cevil.example", "/..//evil.example", "/@evil.example"])(
      "path=%s stays at the app, letter by letter",
      async (path) => {
        const { status, location } = await ada.open(
          enter(`wiki.local:${home.door.httpsPort}`, path),
        );
        expect(status).toBe(303);
        const way = new URL(location);
        expect(way.origin).toBe(home.at("wiki"));
        expect(way.searchParams.get("path")).toBe(path);
        const mine = await ada.walk(home.at("wiki"));
        expect(mine.status).toBe(200);
        const query = new URLSearchParams({ code: "x", path }).toString();
        const onward = await ada.open(home.at("wiki", `/.genkan/enter?${query}`));
        expect(onward.location).toBe(home.at("wiki") + path);
        expect(new URL(onward.location).origin).toBe(home.at("wiki"));
      },
    );

    test("a page repeats nothing that could become a script", async () => {
      const evil = `"><script>alert(1)</script><a href="javascript:alert(1)`;
      const path = `/${encodeURIComponent(evil).replaceAll("%22", '"').replaceAll("%3C", "<")}`;
      const shown = await home.stranger().open(enter(`wiki.local:${home.door.httpsPort}`, path));
      expect(shown.status).toBe(200);
      expect(shown.body).not.toContain("<script>alert");
      expect(shown.body).not.toContain('"><script');
      expect(String(shown.headers["content-security-policy"])).toContain("default-src 'none'");
      for (const query of ["lang", "to", "n", "path", "code", "name", "id"]) {
        const search = new URLSearchParams({ [query]: evil }).toString();
        for (const page of ["/pair", "/enter", "/signed-out", "/nowhere"]) {
          const { body } = await home.stranger().open(home.at("genkan", `${page}?${search}`));
          expect(body).not.toContain("alert(1)");
        }
      }
    });
  });
});

function logsOf(home: string): { readonly logs: string } {
  const read = (name: string): string => readFileSync(join(home, "state", name), "utf8");
  return { logs: read("genkan.log") + read("audit.log") };
}
