/*
 * The attacker is an app of the household, or a server at another port of this machine: it shares the names, or
 * parts of them, with the door, and cookies do not tell ports apart. It plants cookies, reads cookies, and lies
 * about whose they are.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { connect as connectTls } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Browser, mayBeKept } from "./browser.ts";
import { setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";
import { talkSecurely } from "./talk.ts";

/** What comes without a name is taken by no browser where it looks like a `__Host-` cookie (section 5.7). */
const nameIn = (field: string): string => /^([^=;]*)=/.exec(field)?.[1]?.trim() ?? "";

onEveryEngine((engine) => {
  const home = setHousehold(engine);
  let ada: Browser;
  beforeAll(async () => {
    ada = await home.paired("Ada's phone");
    for (const app of ["wiki", "evil"]) await ada.walk(home.at(app));
  });
  const session = (name = "wiki"): string => ada.sessionAt(`${name}.local`);
  /** A script asks the wiki with these `Cookie` fields. */
  const show = (cookie: string | string[], app = "wiki") =>
    home.stranger().ask(home.at(app), { headers: { cookie } });

  describe("a session", () => {
    test("opens the name it was given for, and no other", async () => {
      expect((await show(session())).status).toBe(200);
      expect((await show(session("genkan"))).status).toBe(401);
      expect((await show(session("evil"))).status).toBe(401);
      expect((await show(session(), "evil")).status).toBe(401);
      const atPortal = await home.stranger().open(home.at("genkan", "/devices"), {
        headers: { cookie: session() },
      });
      expect([atPortal.status, atPortal.location]).toEqual([303, "/pair?lang=en"]);
      expect(home.reached).toHaveLength(1);
    });

    test("is told of by Host alone: a rebound name, an address and another name's get nothing", async () => {
      const port = home.door.httpsPort;
      const hosts = ["evil.example", "127.0.0.1", `evil.example:${port}`];
      for (const host of [...hosts, `wiki.local.evil.example:${port}`]) {
        const headers = { host, cookie: session() };
        const { status } = await home.stranger().ask(home.at("wiki"), { headers });
        expect([host, status]).toEqual([host, status === 400 ? 400 : 421]);
      }
      // The connection is the hostile name's, and the request names the wiki.
      const talk = await talkSecurely(home.door, "evil.local");
      talk.say(
        `GET / HTTP/1.1\r\nHost: wiki.local\r\nCookie: ${session()}\r\nConnection: close\r\n\r\n`,
      );
      expect(await talk.end()).toMatch(/^HTTP\/1\.1 421 /);
      expect(home.reached).toEqual([]);
    });

    test("goes by its name to the letter", async () => {
      const value = session().split("=")[1] ?? "";
      const names = [
        "genkan",
        "__host-genkan",
        "__Secure-genkan",
        "__Host-genkan2",
        "x__Host-genkan",
      ];
      const pairs = names.map((name) => `${name}=${value}`);
      for (const cookie of [
        ...pairs,
        `"__Host-genkan"=${value}`,
        `__Host-genkan="${value}"`,
        value,
      ]) {
        expect([cookie, (await show(cookie)).status]).toEqual([cookie, 401]);
      }
      expect(home.reached).toEqual([]);
    });

    test("that comes twice, or beside another, is none", async () => {
      const other = `__Host-genkan=${"A".repeat(43)}`;
      for (const cookie of [
        `${other}; ${session()}`,
        `${session()}; ${other}`,
        `${session()}; ${session()}`,
        `${session()};__Host-genkan=`,
        `${session()} ; __Host-genkan =x`,
        [session(), other],
        [other, session()],
      ]) {
        expect([cookie, (await show(cookie)).status]).toEqual([cookie, 401]);
      }
      expect(home.reached).toEqual([]);
    });

    test("over HTTP/2 may come in crumbs, and is none where one of them repeats it", async () => {
      const crumbs = async (...cookie: string[]): Promise<number> => {
        const client = connect(home.at("wiki"), {
          createConnection: () =>
            connectTls({
              host: "127.0.0.1",
              port: home.door.httpsPort,
              servername: "wiki.local",
              ca: readFileSync(home.door.ready.root.path),
              ALPNProtocols: ["h2"],
            }),
        });
        onTestFinished(() => client.destroy());
        const [fields] = await once(client.request({ cookie }), "response");
        return Number((fields as IncomingHttpHeaders)[":status"]);
      };
      expect(await crumbs("a=1", session(), "b=2")).toBe(200);
      expect(await crumbs(session(), "a=1", session())).toBe(401);
      expect(home.reached.map(({ fields }) => /\ncookie\n(.*)/i.exec(fields)?.[1])).toEqual([
        "a=1; b=2",
      ]);
    });

    test("is found among whatever else an app has set, and gets lost in nothing", async () => {
      const much = Array.from({ length: 100 }, (_, i) => `c${i}=${"v".repeat(20)}`).join("; ");
      for (const cookie of [`${much}; ${session()}`, `=; ;;, ${session()}`, `a="b; ${session()}`]) {
        expect((await show(cookie)).status).toBe(cookie.startsWith("=") ? 401 : 200);
      }
    });

    test("of ten megabytes, or under one, is refused before it costs anything", async () => {
      const talk = await talkSecurely(home.door, "wiki.local");
      talk.say("GET / HTTP/1.1\r\nHost: wiki.local\r\nCookie: __Host-genkan=");
      for (let i = 0; i < 160 && !talk.socket.destroyed; i++) talk.say("A".repeat(65_536));
      talk.say("\r\n\r\n");
      expect(await talk.end()).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
      for (const length of [44, 65, 1000, 8000]) {
        expect((await show(`__Host-genkan=${"A".repeat(length)}`)).status).toBe(401);
      }
      expect(home.reached).toEqual([]);
      expect((await show(session())).status).toBe(200);
    });
  });

  describe("a hostile app", () => {
    test("never sees the door's cookies, whatever it echoes", async () => {
      const evil = home.at("evil", "/echo");
      const nonce = `__Host-genkan-nonce=${"B".repeat(43)}`;
      const mixed = `a=1; ${session("evil")}; ${nonce}; __HOST-GENKAN=x; b=2;${session("evil").replace("__Host-genkan", " __Host-genkan-other")}`;
      await ada.ask(evil, { headers: { cookie: mixed } });
      await ada.ask(evil, { headers: { cookie: session("evil") } });
      expect(home.reached).toHaveLength(2);
      const [first, second] = home.reached.map(({ fields }) => fields.toLowerCase());
      expect(first).toContain("a=1");
      expect(first).toContain("b=2");
      expect(first + String(second)).not.toContain("host-genkan");
      expect(second).not.toContain("cookie");
    });

    test("cannot have them echoed by TRACE, by a WebSocket, or in what comes behind a body", async () => {
      const traced = await ada.ask(home.at("evil"), { method: "TRACE" });
      expect([400, 405]).toContain(traced.status);
      const talk = await talkSecurely(home.door, "evil.local");
      talk.say(
        [
          "GET /socket HTTP/1.1",
          "Host: evil.local",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          `Cookie: ${session("evil")}`,
          "\r\n",
        ].join("\r\n"),
      );
      expect(await talk.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 /);
      const body = await talkSecurely(home.door, "evil.local");
      body.say(
        `POST /body HTTP/1.1\r\nHost: evil.local\r\nCookie: ${session("evil")}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n` +
          `2\r\nhi\r\n0\r\nCookie: ${session("evil")}\r\nX-Genkan-Role: owner\r\n\r\n`,
      );
      await body.end();
      expect(home.reached.map(({ what }) => what)).toContain("WebSocket /socket");
      expect(JSON.stringify(home.reached).toLowerCase()).not.toContain("__host-genkan");
    });

    test("cannot set them, in any spelling, and can set its own", async () => {
      home.hostile((_request, response) => {
        response.setHeader("set-cookie", [
          "__Host-genkan=evil; Path=/; Secure",
          "__Host-genkan-nonce=evil; Path=/; Secure",
          "__HOST-GENKAN=evil; Path=/; Secure",
          "=__Host-genkan=evil; Path=/; Secure",
          " __Host-genkan =evil; Path=/; Secure",
          "__Host-genkan; Path=/; Secure",
          "__Host-genkan=; Max-Age=0; Path=/; Secure",
          "genkan=mine; Domain=local",
          "own=1; Path=/",
        ]);
        response.end("yes");
      });
      const before = session("evil");
      const { headers } = await ada.ask(home.at("evil"));
      const set = [headers["set-cookie"] ?? []].flat();
      expect(set.slice(-2)).toEqual(["genkan=mine; Domain=local", "own=1; Path=/"]);
      // nginx cannot leave one out of several: it makes them such that no browser takes them.
      const rest = set.slice(0, -2);
      expect(engine === "node" ? rest : []).toEqual([]);
      expect(
        rest.filter((field) => mayBeKept(nameIn(field), field) && nameIn(field) !== ""),
      ).toEqual([]);
      expect(session("evil")).toBe(before);
      ada.jar.get("evil.local")?.delete("genkan");
      ada.jar.get("evil.local")?.delete("own");
    });

    test("that sends its visitors to the portal or to another app gets no code and no session", async () => {
      const hash = "A".repeat(43);
      const query = (app: string): string =>
        new URLSearchParams({
          to: `${app}.local:${home.door.httpsPort}`,
          n: hash,
          path: "/",
        }).toString();
      home.hostile((_request, response) => {
        response.writeHead(302, { location: home.at("genkan", `/enter?${query("wiki")}`) }).end();
      });
      const before = session();
      ada.jar.get("wiki.local")?.delete("__Host-genkan");
      const page = await ada.walk(home.at("evil"));
      expect(page.status).toBe(403);
      expect(session()).toBe("");
      expect(page.way.filter((url) => url.includes("code="))).toHaveLength(1);
      expect(JSON.stringify(home.reached)).not.toContain("code=");
      ada.jar.get("wiki.local")?.set("__Host-genkan", before.split("=")[1] ?? "");
    });

    test("answers below /.genkan/ at no name, its own included", async () => {
      home.hostile((_request, response) => response.end("the six digits, please"));
      for (const path of ["/.genkan/", "/.genkan/enter", "/.genkan/pair", "/.genkan/gate"]) {
        const { status, body } = await ada.open(home.at("evil", path));
        expect([path, status]).toEqual([path, status === 400 ? 400 : 404]);
        expect(body).not.toContain("please");
      }
      expect(home.reached).toEqual([]);
    });
  });
});
