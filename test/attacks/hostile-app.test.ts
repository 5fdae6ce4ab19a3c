/*
 * An app was taken over, or was never honest. It lies to the door about its answers, in the hope
 * that the door passes the lie on, gives it to the wrong visitor, or falls over it.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNginxBefore } from "../support/nginx-version.ts";
import { ask, type Heard, PROTOCOLS } from "./ask.ts";
import { residentBytes } from "./memory.ts";
import { onEveryEngine, setStage } from "./stage.ts";
import { heardOut, talkSecurely } from "./talk.ts";

/** For what takes its time on a busy machine. */
const PATIENCE = { timeout: 10_000, interval: 10 };

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
const chunked = (rest: string): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`;

/** nginx takes a 101 nobody asked for for the answer, and the app's own visitor waits for its end. */
const ENDLESS_IN_NGINX = ["a 101 nobody asked for", "a 101 to h2c"];
/** nginx ends a chunk's line at LF alone, and reads over what it does not pass on: extensions and trailers. */
const WHOLE_IN_NGINX = [
  "LF alone behind a chunk size",
  "endless chunk extensions",
  "a megabyte of trailer fields",
  "a length among the trailer fields",
];

/**
 * What the app says, told by what it is. nginx is easier about the most of it and passes it on to the one who
 * asked this app; nobody else may ever hear of it.
 */
const NO_ANSWERS: readonly (readonly [title: string, answer: string])[] = [
  ["noise", "\x00\x01\x02\xff\xfepoison\r\n\r\n"],
  ["another protocol's greeting", "SSH-2.0-OpenSSH_9.2p1 poison\r\n"],
  ["a TLS alert: it speaks https, and the target says http", "\x15\x03\x01\x00\x02\x02\x46"],
  ["HTTP/0.9", "poison"],
  ["HTTP/2 in letters", "HTTP/2 200\r\nContent-Length: 6\r\n\r\npoison"],
  ["HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 6\r\n\r\npoison"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 6\r\n\r\npoison"],
  ["a status that is no number", "HTTP/1.1 two OK\r\nContent-Length: 6\r\n\r\npoison"],
  ["a status of 999", "HTTP/1.1 999 OK\r\nContent-Length: 6\r\n\r\npoison"],
  [
    "a blank before the first field",
    "HTTP/1.1 200 OK\r\n X-A: b\r\nContent-Length: 6\r\n\r\npoison",
  ],
  [
    "a length and chunks",
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\npoison",
  ],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 6\r\n\r\npoison"],
  ["one length twice", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 6\r\n\r\npoison"],
  ["a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 6, 6\r\n\r\npoison"],
  ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -6\r\n\r\npoison"],
  [
    "a length beyond all counting",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\npoison",
  ],
  [
    "a transfer coding nobody knows",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\npoison",
  ],
  [
    "chunked twice",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\npoison",
  ],
  [
    "chunks in HTTP/1.0",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\npoison\r\n0\r\n\r\n",
  ],
  [
    "a folded field",
    "HTTP/1.1 200 OK\r\nX-A: b\r\n Set-Cookie: poison=1\r\nContent-Length: 0\r\n\r\n",
  ],
  [
    "LF alone: a visitor's word in a field splits the answer in two",
    "HTTP/1.1 200 OK\r\nX-A: b\nSet-Cookie: poison=1\r\nContent-Length: 0\r\n\r\n",
  ],
  ["CR alone", "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: poison=1\r\nContent-Length: 0\r\n\r\n"],
  ["a NUL in a field", "HTTP/1.1 200 OK\r\nX-A: b\0poison\r\nContent-Length: 0\r\n\r\n"],
  [
    "an escape that colours a terminal's log",
    "HTTP/1.1 200 OK\r\nX-A: \x1b[31mpoison\r\nContent-Length: 0\r\n\r\n",
  ],
  ["an escape in the reason", "HTTP/1.1 200 \x1b[31mpoison\r\nContent-Length: 0\r\n\r\n"],
  ["a field without a colon", "HTTP/1.1 200 OK\r\npoison\r\nContent-Length: 0\r\n\r\n"],
  ["a blank before a colon", "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\npoison"],
  [
    "a pseudo-field of HTTP/2",
    "HTTP/1.1 200 OK\r\n:status: 500\r\nContent-Length: 6\r\n\r\npoison",
  ],
  ["a head of a megabyte", `HTTP/1.1 200 OK\r\nX-A: ${"poison".repeat(170_000)}\r\n\r\n`],
  ["a head of endless fields", `HTTP/1.1 200 OK\r\n${"X-A: poison\r\n".repeat(80_000)}\r\n`],
  [
    "a 101 nobody asked for",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\npoison",
  ],
  [
    "a 101 to h2c",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\npoison",
  ],
  [
    "an answer in between that closes",
    "HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\npoison",
  ],
];

/** What the app does when it is asked for a path; anything not here is answered well. */
const PLAYS = new Map<string, (socket: Socket) => void>();
let paths = 0;

/** A path whose request the app answers like this. */
function playing(play: string | ((socket: Socket) => void)): string {
  const path = `/play-${(paths += 1)}`;
  PLAYS.set(path, typeof play === "string" ? (socket) => socket.end(play, "latin1") : play);
  return path;
}

const honest = createServer((_request, response) => response.end("blog"));
beforeAll(async () => {
  await once(honest.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  honest.close();
  honest.closeAllConnections();
});

/** The app's own visitor may hear its lie. */
const isAnything = (heard: Heard): boolean => heard.status !== -1;

function isOwnPage(code: string): (heard: Heard) => boolean {
  return (heard) =>
    heard.status === 502 && heard.code === code && heard.ending === "whole" && !isPoisoned(heard);
}

/** Broken before its head was passed on, an answer becomes a page of the door's own. */
function isBroken(heard: Heard): boolean {
  const isSeen = heard.status === 502 ? heard.code !== undefined : heard.ending === "broken";
  return isSeen && !isPoisoned(heard);
}

const isPoisoned = (heard: Heard): boolean => JSON.stringify(heard).includes("poison");

onEveryEngine((engine) => {
  const stage = setStage(
    engine,
    (socket) => {
      socket.on("data", (chunk) => {
        for (const [, path = ""] of chunk.toString("latin1").matchAll(/^[A-Z]+ (\S+) HTTP/gm)) {
          const play = PLAYS.get(path);
          if (play) play(socket);
          else socket.write(OK);
        }
      });
    },
    (port) => [`wiki=${port}`, `blog=${(honest.address() as AddressInfo).port}`],
  );

  let sizeBefore = 0;
  beforeAll(() => {
    sizeBefore = residentBytes(stage.door);
  });

  /** The hostile app has changed nothing for its own visitors to come, nor for another app's. */
  async function expectServing(): Promise<void> {
    await stage.quiet();
    const next = { status: 200, body: "ok", ending: "whole" };
    expect(await ask("HTTP/1.1", stage.door, { path: "/next" })).toMatchObject(next);
    expect(await ask("HTTP/2", stage.door, { app: "blog", path: "/" })).toMatchObject({
      status: 200,
      body: "blog",
    });
  }

  const isNginx = engine === "nginx";
  /** nginx 1.29 keeps of each answer in between what it costs to read it, until the visitor leaves. */
  const isFilled = isNginx && !isNginxBefore([1, 29, 0]);
  const told = NO_ANSWERS.filter(([title]) => !isNginx || !ENDLESS_IN_NGINX.includes(title));

  describe.each(PROTOCOLS)("over %s", (protocol) => {
    const hear = (play: Parameters<typeof playing>[0], method = "GET") =>
      ask(protocol, stage.door, { path: playing(play), method });

    describe("what is no answer becomes the door's own page, with nothing of the app's in it", () => {
      test.each(told)("%s", async (_title, answer) => {
        const heard = await hear(answer);
        expect(heard).toSatisfy(isNginx ? isAnything : isOwnPage("APP_GARBAGE"));
        await expectServing();
      });

      test.each([
        ["closes without a word", ""],
        ["closes within the status line", "HTTP/1.1 20"],
        ["closes within a field", "HTTP/1.1 200 OK\r\nSet-Cookie: pois"],
        ["closes before the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"],
        ["closes behind an answer in between", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"],
      ])("it %s", async (_title, answer) => {
        const heard = await hear(answer);
        expect(heard).toSatisfy(isNginx ? isAnything : isOwnPage("APP_CLOSED"));
        await expectServing();
      });

      test.skipIf(isFilled)("answers in between without an end", async () => {
        const heard = await hear((socket) => {
          const hint = `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-A: ${"a".repeat(1000)}\r\n\r\n`;
          const more = (): void => {
            while (!socket.destroyed && socket.write(hint));
            if (!socket.destroyed) socket.once("drain", more);
          };
          more();
        });
        expect([0, 502]).toContain(heard.status); // 0 where the visitor itself had enough of them
        expect(heard.hints.length).toBeLessThan(2000);
        await expectServing();
      });
    });

    describe("an answer that breaks off is broken for the visitor too, never complete", () => {
      test.each<[string, string | ((socket: Socket) => void)]>([
        ["closed before its length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
        ["closed one byte before its length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalf"],
        ["closed between chunks", chunked("4\r\nhalf\r\n")],
        ["closed within a chunk", chunked("10\r\nhalf")],
        ["closed behind the last chunk's size", chunked("4\r\nhalf\r\n0\r\n")],
        ["closed within the trailer fields", chunked("4\r\nhalf\r\n0\r\nX-A: b\r\n")],
        [
          "reset",
          (socket) => {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            setTimeout(() => socket.resetAndDestroy(), 50);
          },
        ],
        [
          "reset where only the end of the connection would end it",
          (socket) => {
            socket.write("HTTP/1.1 200 OK\r\n\r\nhalf");
            setTimeout(() => socket.resetAndDestroy(), 50);
          },
        ],
        ["a chunk longer than it says", chunked("4\r\nhalfpoison\r\n0\r\n\r\n")],
        ["a chunk size that is none", chunked("4\r\nhalf\r\npoison\r\n0\r\n\r\n")],
        [
          "a chunk size beyond 64 bits",
          chunked("4\r\nhalf\r\n10000000000000006\r\npoison\r\n0\r\n\r\n"),
        ],
        ["LF alone behind a chunk size", chunked("4\r\nhalf\r\n6\npoison\r\n0\r\n\r\n")],
        [
          "endless chunk extensions",
          chunked(`4\r\nhalf\r\n6;${"a".repeat(1_000_000)}\r\npoison\r\n0\r\n\r\n`),
        ],
        [
          "a megabyte of trailer fields",
          chunked(`4\r\nhalf\r\n0\r\n${"X-A: poison\r\n".repeat(80_000)}\r\n`),
        ],
        [
          "a length among the trailer fields",
          chunked("4\r\nhalf\r\n0\r\nContent-Length: 10\r\n\r\n"),
        ],
      ])("%s", async (title, answer) => {
        const heard = await hear(answer);
        const isWhole = isNginx && WHOLE_IN_NGINX.includes(title);
        expect(heard).toSatisfy(isWhole ? isAnything : isBroken);
        await expectServing();
      });
    });

    describe("bytes behind an answer are nobody's answer", () => {
      test.each<[string, string]>([
        ["behind its length", `${OK}${POISON}`],
        ["behind the last chunk", `${chunked("2\r\nok\r\n0\r\n\r\n")}${POISON}`],
        ["behind an answer without content", `HTTP/1.1 204 No Content\r\n\r\n${POISON}`],
        [
          "behind a 304 that speaks of content",
          `HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n${POISON}`,
        ],
        [
          "behind its length, the beginning of a head alone",
          `${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-A:`,
        ],
      ])("%s", async (_title, answer) => {
        const heard = await hear((socket) => socket.write(answer));
        expect(JSON.stringify(heard)).not.toContain("poison");
        expect(heard.ending).toBe("whole");
        for (let i = 0; i < 3; i++) {
          expect(await ask(protocol, stage.door, { path: "/next" })).toMatchObject({ body: "ok" });
        }
        await expectServing();
      });

      test("content of an answer to HEAD", async () => {
        const heard = await hear((socket) => socket.write(`${OK}${POISON}`), "HEAD");
        expect(heard).toMatchObject({ status: 200, body: "", ending: "whole" });
        expect(await ask(protocol, stage.door, { path: "/next" })).toMatchObject({ body: "ok" });
        await expectServing();
      });

      // Who asks in the very moment they come cannot be told from who they are for: docs/security.md.
      test.each([0, 1, 5, 50])("that come %i ms late, before the next visitor", async (ms) => {
        let late: Socket | undefined;
        const path = playing((socket) => {
          late = socket;
          socket.write(OK);
          setTimeout(() => socket.write(POISON), ms);
        });
        expect(await ask(protocol, stage.door, { path })).toMatchObject({ body: "ok" });
        await expect.poll(() => late?.destroyed, PATIENCE).toBe(true);
        expect(await ask(protocol, stage.door, { path: "/next" })).toMatchObject({ body: "ok" });
        await expectServing();
      });
    });

    // nginx drops fields by name, not by what another field says.
    test.skipIf(isNginx)(
      "fields about its own connection stay at the door, and those it names there",
      async () => {
        const { fields } = await hear(
          "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Named, Upgrade\r\nKeep-Alive: timeout=9999\r\nProxy-Connection: keep-alive\r\nProxy-Authenticate: Basic realm=poison\r\nUpgrade: h2c\r\nTE: trailers\r\nX-Named: poison\r\nX-Kept: kept\r\nContent-Length: 2\r\n\r\nok",
        );
        expect(fields).toMatchObject({ "x-kept": "kept" });
        for (const name of ["x-named", "proxy-connection", "proxy-authenticate", "upgrade", "te"]) {
          expect(fields).not.toHaveProperty(name);
        }
        expect(String(fields["keep-alive"])).not.toContain("9999");
        await expectServing();
      },
    );

    test("trailer fields that would change what came before them do not arrive", async () => {
      const { trailers, ending } = await hear(
        chunked(
          "2\r\nok\r\n0\r\nX-Sum: 1\r\nSet-Cookie: poison=1\r\nHost: poison\r\nAuthorization: poison\r\nTrailer: poison\r\n\r\n",
        ),
      );
      expect(ending).toBe("whole");
      expect(JSON.stringify(trailers)).not.toContain("poison");
      await expectServing();
    });

    test("an answer one byte at a time arrives whole, and nobody else waits for it", async () => {
      const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
      const dripping = hear((socket) => {
        let at = 0;
        const drop = setInterval(() => {
          if (at === text.length || socket.destroyed) clearInterval(drop);
          else socket.write(text.charAt(at++));
        }, 10);
      });
      let isOver = false;
      void dripping.then(() => (isOver = true));
      await expectServing();
      expect(isOver).toBe(false);
      expect(await dripping).toMatchObject({ status: 200, body: "ok", ending: "whole" });
    });
  });

  test("an app that answers before the content has come takes the rest of it for a request: nobody hears what it answers", async () => {
    const poison = playing((socket) => socket.write(POISON));
    const path = playing((socket) => socket.write(OK));
    const smuggled = `GET ${poison} HTTP/1.1\r\nHost: wiki.local\r\n\r\n`;
    const talk = await talkSecurely(stage.door, "wiki.local");
    const length = smuggled.length + 2;
    talk.say(`POST ${path} HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: ${length}\r\n\r\n\r\n`);
    await talk.until("ok");
    talk.say(smuggled);
    for (let i = 0; i < 3; i++) await expectServing();
    expect(talk.heard()).not.toContain("poison");
  });

  test("an app that never answers keeps nobody but its own visitor, and is let go when that one leaves", async () => {
    const silent: Socket[] = [];
    const path = playing((socket) => void silent.push(socket));
    const leaving = new AbortController();
    const waiting = visitAndLeave(path, leaving.signal);
    await expect.poll(() => silent.length, PATIENCE).toBe(1);
    await expectServing();
    leaving.abort();
    await waiting;
    await expect.poll(() => silent[0]?.destroyed, PATIENCE).toBe(true);
  });

  test("a WebSocket it agrees to in the wrong words is no WebSocket", async () => {
    const path = playing((socket) => {
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\npoison",
      );
    });
    const heard = await handshake(path);
    expect(heard).toMatch(/^HTTP\/1.1 502 /);
    expect(heard).not.toContain("poison");
    await expectServing();
  });

  async function visitAndLeave(path: string, signal: AbortSignal): Promise<void> {
    const talk = await talkSecurely(stage.door, "wiki.local");
    talk.say(`GET ${path} HTTP/1.1\r\nHost: wiki.local\r\n\r\n`);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    talk.socket.destroy();
  }
  async function handshake(path: string): Promise<string> {
    const talk = await talkSecurely(stage.door, "wiki.local");
    talk.say(
      `GET ${path} HTTP/1.1\r\nHost: wiki.local\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    return engine === "node" ? talk.end() : heardOut(talk);
  }

  test("after all that the door holds no more memory than one that had honest apps", () => {
    expect(residentBytes(stage.door) - sizeBefore).toBeLessThan(150 * 2 ** 20);
  });
});
