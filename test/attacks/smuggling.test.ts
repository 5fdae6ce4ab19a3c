/*
 * A hostile device sends requests that are proper in themselves and hides something in them: in
 * their content, behind them, in an upgrade. The app gets exactly one request, as the door read it.
 */
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { requestsOfTheDoor } from "./reading.ts";
import { onEveryEngine, setStage } from "./stage.ts";
import { heardOut, talkSecurely } from "./talk.ts";

/** The app is an ordinary one, made with Node. It knows no WebSockets. */
const app = createServer((request, response) => {
  request.on("error", () => undefined); // a visitor who breaks off is what some stories are about
  request.on("end", () => response.end("ok")).resume();
});
app.on("clientError", (_error, socket) => socket.destroy());

const HOST = "Host: wiki.local\r\n";
const SMUGGLED = "GET /admin HTTP/1.1\r\nHost: wiki.local\r\n\r\n";
const CHUNKED = `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;

function hasNoEnd(heard: string, seen: string): boolean {
  return !heard.includes("ok") && !/\r\n0\r\n/.test(seen) && !/^GET /m.test(seen);
}

/** The content as it was meant, and behind it a request that the door itself has read as one. */
function hasOneReading(seen: string): boolean {
  const [first, second, ...more] = requestsOfTheDoor(seen);
  const isMeant = first?.body === "hello" && first.ending === "whole";
  return isMeant && second?.start[1] === "/admin" && more.length === 0;
}

onEveryEngine((engine) => {
  const stage = setStage(engine, (socket) => void app.emit("connection", socket));

  /** Sends these bytes on a connection that ends; gives what either side had of it. */
  async function send(bytes: string): Promise<{ heard: string; seen: string }> {
    const talk = await talkSecurely(stage.door, "wiki.local");
    talk.say(bytes);
    const heard = engine === "node" ? await talk.end() : await heardOut(talk);
    return { heard, seen: await stage.quiet() };
  }

  /** The lines of a head as the app saw it, without what the door always adds. */
  function linesOf(seen: string): string[] {
    const [head = ""] = seen.split("\r\n\r\n");
    return head.split("\r\n").filter((line) => !/^(?:X-Forwarded-|CDN-Loop)/.test(line));
  }

  describe("content in chunks that are none", () => {
    test.each([
      ["a size that is no number", "x\r\nhello\r\n"],
      ["a size with 0x", "0x5\r\nhello\r\n"],
      ["a size with a sign", "+5\r\nhello\r\n"],
      ["a negative size", "-1\r\nhello\r\n"],
      ["no size", "\r\nhello\r\n"],
      [
        "a size beyond 64 bits, which wraps round to 5 where it is added up",
        "10000000000000005\r\nhello\r\n",
      ],
      ["a size of seventeen f", "fffffffffffffffff\r\nhello\r\n"],
      ["a blank behind the size", "5 \r\nhello\r\n"],
      ["an underscore in the size", "0_5\r\nhello\r\n"],
      ["LF alone behind the size", "5\nhello\r\n"],
      [
        "LF alone in an extension: some take it for the line's end, some for a part of it",
        "5;\nhello\r\n",
      ],
      ["CR alone in an extension", "5;a\rb\r\nhello\r\n"],
      ["LF alone behind a chunk", "5\r\nhello\n"],
      ["a chunk longer than it says", "5\r\nhelloo\r\n"],
      ["a chunk that ends in other bytes than CR and LF", "5\r\nhelloXX"],
      ["endless extensions", `5;${"a=b;".repeat(20_000)}\r\nhello\r\n`],
      ["a NUL in an extension", "5;a=\0\r\nhello\r\n"],
      ["a broken trailer field", "5\r\nhello\r\n0\r\nX-A : b\r\n"],
      ["a length among the trailer fields", "5\r\nhello\r\n0\r\nContent-Length: 3\r\n"],
      ["a folded trailer field", "5\r\nhello\r\n0\r\nX-A: b\r\n c: d\r\n"],
      ["LF alone in the trailer fields", "5\r\nhello\r\n0\r\nX-A: b\n"],
      ["endless trailer fields", `5\r\nhello\r\n0\r\n${"X-A: b\r\n".repeat(20_000)}`],
    ])("%s: the app sees no end of it, or one reading of all of it", async (_title, chunks) => {
      const { heard, seen } = await send(`${CHUNKED}${chunks}0\r\n\r\n${SMUGGLED}`);
      // nginx is easier about blanks, LF alone and what it does not pass on; the app is sent a length instead.
      const isTaken = engine === "nginx" && heard.includes("ok");
      expect(isTaken ? hasOneReading(seen) : hasNoEnd(heard, seen)).toBe(true);
    });

    // nginx carries no trailers, and tells the length of content in chunks where it has all of it already.
    test.skipIf(engine === "nginx")(
      "extensions and untrue trailer fields stay at the door",
      async () => {
        const { heard, seen } = await send(
          `${CHUNKED.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")}5;a="b"\r\nhello\r\n0\r\nX-A: b\r\nX-Forwarded-For: 10.0.0.1\r\nHost: evil.local\r\nCookie: a=b\r\nAuthorization: Basic YTpi\r\nX_Genkan_Device: owner\r\n\r\n`,
        );
        expect(heard).toMatch(/^HTTP\/1.1 200 /);
        expect(seen.slice(seen.indexOf("\r\n\r\n") + 4)).toBe("5\r\nhello\r\n0\r\nX-A: b\r\n\r\n");
      },
    );
  });

  describe("behind a request", () => {
    test("a second one in the same packet is a request of its own, judged by itself", async () => {
      const { heard, seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}\r\nGET /b HTTP/1.1\r\n${HOST}Host: evil.local\r\n\r\n${SMUGGLED}`,
      );
      expect(heard).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\nokHTTP\/1.1 400 /);
      expect(linesOf(seen)).toEqual(["GET /a HTTP/1.1", "Host: wiki.local"]);
      expect(seen).not.toMatch(/\/b|admin|evil/);
    });

    test("what follows `Connection: close` is read by nobody", async () => {
      const { heard, seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n${SMUGGLED}`,
      );
      expect(heard.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
      expect(seen).not.toContain("admin");
    });

    test("content of a GET goes with its length, so that no app takes it for a request", async () => {
      const { seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
      );
      expect(linesOf(seen)).toEqual([
        "GET /a HTTP/1.1",
        "Host: wiki.local",
        `Content-Length: ${SMUGGLED.length}`,
      ]);
      expect(seen.endsWith(`\r\n\r\n${SMUGGLED}`)).toBe(true);
    });

    // nginx takes no notice of an Expect it does not know, and passes none on.
    test.skipIf(engine === "nginx")(
      "a visitor who expects something nobody knows is refused before the app is asked",
      async () => {
        const { heard, seen } = await send(
          `POST /a HTTP/1.1\r\n${HOST}Connection: close\r\nExpect: evil\r\nContent-Length: 5\r\n\r\nhello`,
        );
        expect(heard).toMatch(/^HTTP\/1.1 417 /);
        expect(seen).toBe("");
      },
    );
  });

  describe("in the fields about the connection", () => {
    // nginx drops fields by name, not by what another field says.
    test.skipIf(engine === "nginx")(
      "naming the length and the host there takes neither away",
      async () => {
        const { seen } = await send(
          `POST /a HTTP/1.1\r\n${HOST}Content-Length: 5\r\nConnection: close, Content-Length, Host, Transfer-Encoding, X-A\r\nX-A: b\r\n\r\nhello`,
        );
        expect(linesOf(seen)).toEqual([
          "POST /a HTTP/1.1",
          "Host: wiki.local",
          "Content-Length: 5",
        ]);
        expect(seen.endsWith("\r\n\r\nhello")).toBe(true);
      },
    );

    test("naming the door's own fields there does not silence the door", async () => {
      const names = "X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, CDN-Loop";
      const { seen } = await send(`GET /a HTTP/1.1\r\n${HOST}Connection: close, ${names}\r\n\r\n`);
      expect(seen).toMatch(
        /X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: wiki.local\r\nX-Forwarded-Port: 443\r\nCDN-Loop: genkan-/,
      );
    });

    test("framing in a spelling that only CGI takes for it does not reach the app", async () => {
      const { seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\nTransfer_Encoding: chunked\r\nContent_Length: 5\r\nProxy: http://evil.local\r\n\r\n`,
      );
      expect(linesOf(seen)).toEqual(["GET /a HTTP/1.1", "Host: wiki.local"]);
    });
  });

  describe("in an upgrade", () => {
    const H2C =
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";

    test("h2c, by which requests would pass unseen, is not offered to the app: it sees an ordinary request", async () => {
      const { heard, seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}${H2C}\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
      );
      expect(heard).toMatch(/^HTTP\/1.1 200 /);
      expect(heard.match(/HTTP\/1.1 2/g)).toHaveLength(1);
      expect(linesOf(seen)).toEqual(["GET /a HTTP/1.1", "Host: wiki.local"]);
      expect(seen).not.toContain("PRI");
    });

    test("h2c without saying so in Connection is stripped all the same", async () => {
      const { seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
      );
      expect(linesOf(seen)).toEqual(["GET /a HTTP/1.1", "Host: wiki.local"]);
    });

    test("a WebSocket to an app that says no carries nothing behind the no", async () => {
      const { heard, seen } = await send(
        `GET /a HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n${SMUGGLED}`,
      );
      expect(heard).toMatch(/^HTTP\/1.1 2/);
      expect(linesOf(seen)[0]).toBe("GET /a HTTP/1.1");
      // Behind a no nginx may read the visitor's next request, as its own and judged by itself.
      expect(requestsOfTheDoor(seen).length).toBeLessThanOrEqual(engine === "node" ? 1 : 2);
    });

    test("a WebSocket by another method than GET is an ordinary request", async () => {
      const { seen } = await send(
        `OPTIONS /a HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n${SMUGGLED}`,
      );
      expect(linesOf(seen)).toEqual([
        "OPTIONS /a HTTP/1.1",
        "Host: wiki.local",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
      ]);
      // What follows is content that nobody announced, or the visitor's next request; never the app's to decide.
      expect(requestsOfTheDoor(seen).length).toBe(engine === "node" ? 1 : 2);
    });
  });
});
