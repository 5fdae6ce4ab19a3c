/*
 * A hostile device on the network speaks HTTP/1.1 to the door in ways two programs could read in two
 * ways. Whatever the door lets through, the app behind it reads; so it lets through nothing of the kind.
 */
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { plainAnswer, setStage } from "./stage.ts";
import { talkSecurely } from "./talk.ts";

/** The app is an ordinary one, made with Node. */
const app = createServer((request, response) => {
  request.resume();
  response.end("ok");
});
const stage = setStage((socket) => void app.emit("connection", socket));

const HOST = "Host: wiki.local\r\n";
/** What the attacker wants the app to take for a request of its own. */
const SMUGGLED = "GET /admin HTTP/1.1\r\nHost: wiki.local\r\n\r\n";
const post = (fields: string, content: string): string =>
  `POST /a HTTP/1.1\r\n${HOST}${fields}\r\n${content}`;
const get = (fields: string): string => `GET /a HTTP/1.1\r\n${HOST}${fields}\r\n`;

interface Story {
  /** What is sent, and what an app that believes it would have done. */
  readonly tells: string;
  readonly bytes: string;
  /** The status of the one answer there is. */
  readonly hears: number;
}

const FRAMING: Story[] = [
  {
    tells:
      "a length and chunks: an app that counts takes what follows the chunks for a new request",
    bytes: post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${SMUGGLED}`),
    hears: 400,
  },
  {
    tells: "chunks and a length, the other way round",
    bytes: post(
      `Transfer-Encoding: chunked\r\nContent-Length: ${SMUGGLED.length + 5}\r\n`,
      `0\r\n\r\n${SMUGGLED}`,
    ),
    hears: 400,
  },
  ...[
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    "Transfer-Encoding: chunked\r\nTransfer-encoding: chunked",
    "Transfer-Encoding: x, chunked",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding\t: chunked",
    "Transfer-Encoding: \x0bchunked",
    'Transfer-Encoding: "chunked"',
    "Transfer-Encoding: chunked;a=b",
    "Transfer-Encoding:\r\n chunked",
    "Transfer-Encoding\r\n: chunked",
    "X: x\nTransfer-Encoding: chunked",
    "X: x\rTransfer-Encoding: chunked",
    "Transfer-Encoding: \x00chunked",
    " Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked\x7f",
    "Transfer-Encoding: \xffchunked",
    "Transfer-Encoding:",
  ].map((fields) => ({
    tells: `chunks announced as ${JSON.stringify(fields)}, which some programs obey and some do not`,
    bytes: post(`${fields}\r\n`, `0\r\n\r\n${SMUGGLED}`),
    hears: 400,
  })),
  ...[
    "Content-Length: 3\r\nContent-Length: 42",
    "Content-Length: 3\r\nContent-Length: 3",
    "Content-Length: 3, 3",
    "Content-Length: +3",
    "Content-Length: -3",
    "Content-Length: 0x3",
    "Content-Length: 3 3",
    "Content-Length: 3\x00",
    "Content-Length: 3.0",
    "Content-Length: 3e0",
    "Content-Length:\r\n 3",
    "Content-Length : 3",
    "Content-Length:",
    "Content-Length: 18446744073709551619",
  ].map((fields) => ({
    tells: `a length written as ${JSON.stringify(fields)}`,
    bytes: post(`${fields}\r\n`, `abc${SMUGGLED}`),
    hears: 400,
  })),
  {
    tells: "chunks in HTTP/1.0, which has none",
    bytes: `POST /a HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    hears: 400,
  },
];

const LINES: Story[] = [
  {
    tells: "a folded field: an app that does not fold sees a field of the attacker's in it",
    bytes: get("X-A: b\r\n X-Forwarded-For: 10.0.0.1\r\n"),
    hears: 400,
  },
  {
    tells: "lines that end in LF alone",
    bytes: "GET /a HTTP/1.1\nHost: wiki.local\n\n",
    hears: 400,
  },
  { tells: "one LF alone among proper lines", bytes: get("X-A: b\nX-B: c\r\n"), hears: 400 },
  { tells: "a CR alone within a field", bytes: get("X-A: b\rX-B: c\r\n"), hears: 400 },
  {
    tells: "lines that end in CR alone",
    bytes: "GET /a HTTP/1.1\rHost: wiki.local\r\r",
    hears: 400,
  },
  {
    tells: "an empty line of LF alone",
    bytes: `GET /a HTTP/1.1\r\n${HOST}\n${SMUGGLED}`,
    hears: 400,
  },
  { tells: "a blank before the first field", bytes: `GET /a HTTP/1.1\r\n ${HOST}\r\n`, hears: 400 },
  { tells: "a blank before a colon", bytes: get("X-A : b\r\n"), hears: 400 },
  { tells: "a field without a colon", bytes: get("X-A\r\n"), hears: 400 },
  { tells: "a field without a name", bytes: get(": b\r\n"), hears: 400 },
  { tells: "a NUL in the path", bytes: `GET /a\0b HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  { tells: "a control byte in the path", bytes: `GET /a\x1bb HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  { tells: "a DEL in the path", bytes: `GET /a\x7fb HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  {
    tells: "bytes above ASCII in the path",
    bytes: `GET /\xc3\xa4 HTTP/1.1\r\n${HOST}\r\n`,
    hears: 400,
  },
  { tells: "a NUL in a name", bytes: get("X\0A: b\r\n"), hears: 400 },
  { tells: "a control byte in a name", bytes: get("X\x1bA: b\r\n"), hears: 400 },
  { tells: "a NUL in a value", bytes: get("X-A: b\0c\r\n"), hears: 400 },
  { tells: "a control byte in a value", bytes: get("X-A: b\x1b[31mc\r\n"), hears: 400 },
  { tells: "a DEL in a value", bytes: get("X-A: b\x7fc\r\n"), hears: 400 },
];

const HOSTS: Story[] = [
  { tells: "no Host", bytes: "GET /a HTTP/1.1\r\n\r\n", hears: 400 },
  { tells: "an empty Host", bytes: "GET /a HTTP/1.1\r\nHost:\r\n\r\n", hears: 400 },
  {
    tells: "a second Host: the door would believe one, the app the other",
    bytes: get("Host: evil.local\r\n"),
    hears: 400,
  },
  { tells: "the same Host twice", bytes: get(HOST), hears: 400 },
  {
    tells: "two Hosts in one field",
    bytes: "GET /a HTTP/1.1\r\nHost: wiki.local, evil.local\r\n\r\n",
    hears: 400,
  },
  {
    tells: "a Host with a user",
    bytes: "GET /a HTTP/1.1\r\nHost: evil.local@wiki.local\r\n\r\n",
    hears: 400,
  },
  {
    tells: "a Host with a path",
    bytes: "GET /a HTTP/1.1\r\nHost: wiki.local/evil.local\r\n\r\n",
    hears: 400,
  },
  {
    tells: "a Host with a port that is none",
    bytes: "GET /a HTTP/1.1\r\nHost: wiki.local:@evil.local\r\n\r\n",
    hears: 400,
  },
  {
    tells: "a Host with a blank within",
    bytes: "GET /a HTTP/1.1\r\nHost: wiki.local evil.local\r\n\r\n",
    hears: 400,
  },
  {
    tells: "an absolute target that names another host than Host does",
    bytes: `GET http://evil.local/a HTTP/1.1\r\n${HOST}\r\n`,
    hears: 400,
  },
  {
    tells: "an absolute target with a user",
    bytes: `GET http://evil.local@wiki.local/a HTTP/1.1\r\n${HOST}\r\n`,
    hears: 400,
  },
  {
    tells: "an absolute target of a scheme that is not ours",
    bytes: `GET file:///etc/passwd HTTP/1.1\r\n${HOST}\r\n`,
    hears: 400,
  },
  {
    tells: "a Host that is no name of this door",
    bytes: "GET /a HTTP/1.1\r\nHost: evil.local\r\nConnection: close\r\n\r\n",
    hears: 421,
  },
  {
    tells: "the portal's Host on a connection made for an app",
    bytes: "GET /a HTTP/1.1\r\nHost: genkan.local\r\nConnection: close\r\n\r\n",
    hears: 421,
  },
];

const KINDS: Story[] = [
  {
    tells: "CONNECT to the door itself",
    bytes: `CONNECT wiki.local:443 HTTP/1.1\r\n${HOST}\r\n`,
    hears: 405,
  },
  {
    tells: "CONNECT to the machine's SSH, in the hope of a tunnel",
    bytes: "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n",
    hears: 405,
  },
  {
    tells: "TRACE, which would show what the door adds",
    bytes: `TRACE /a HTTP/1.1\r\n${HOST}\r\n`,
    hears: 405,
  },
  { tells: "a method nobody knows", bytes: `EVIL /a HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  { tells: "a method in small letters", bytes: `get /a HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  { tells: "HTTP/0.9", bytes: "GET /a\r\n\r\n", hears: 400 },
  { tells: "HTTP/0.9 by name", bytes: `GET /a HTTP/0.9\r\n${HOST}\r\n`, hears: 400 },
  { tells: "HTTP/2.0 in letters", bytes: `GET /a HTTP/2.0\r\n${HOST}\r\n`, hears: 400 },
  { tells: "HTTP/1.2", bytes: `GET /a HTTP/1.2\r\n${HOST}\r\n`, hears: 400 },
  {
    tells: "the preface of HTTP/2 where HTTP/1.1 was agreed on",
    bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    hears: 400,
  },
  { tells: "a target that is no path", bytes: `GET a HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  {
    tells: "a megabyte of fields",
    bytes: get(`X-A: ${"a".repeat(1000)}\r\n`.repeat(1000)),
    hears: 431,
  },
  { tells: "one field of a megabyte", bytes: get(`X-A: ${"a".repeat(1_000_000)}\r\n`), hears: 431 },
  { tells: "ten thousand fields of one letter", bytes: get("a:\r\n".repeat(10_000)), hears: 431 },
  {
    tells: "a target of 100 kB",
    bytes: `GET /${"a".repeat(100_000)} HTTP/1.1\r\n${HOST}\r\n`,
    hears: 431,
  },
  {
    tells: "a wish for h2c with content in it",
    bytes: post(
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 3\r\n",
      "abc",
    ),
    hears: 400,
  },
  {
    tells: "a WebSocket handshake with content: what follows it would be the app's to read",
    bytes:
      get(
        `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: ${SMUGGLED.length}\r\n`,
      ) + SMUGGLED,
    hears: 400,
  },
  {
    tells: "a WebSocket handshake with chunks",
    bytes:
      get(
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nTransfer-Encoding: chunked\r\n",
      ) + `0\r\n\r\n${SMUGGLED}`,
    hears: 400,
  },
  {
    tells: "a WebSocket handshake without a key, whose answer nobody could check",
    bytes: get("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
    hears: 400,
  },
  {
    tells: "a WebSocket handshake with two keys",
    bytes: get(
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Key: BAAAAAAAAAAAAAAAAAAAAA==\r\n",
    ),
    hears: 400,
  },
];

const REFUSED = [...FRAMING, ...LINES, ...HOSTS, ...KINDS];

describe("refused, without a byte of it at the app", () => {
  test.each(REFUSED)("$tells", async ({ bytes, hears }) => {
    const talk = await talkSecurely(stage.door, "wiki.local");
    talk.say(bytes);
    const heard = await talk.end();
    expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${hears} `));
    expect(heard).toMatch(/\r\nconnection: close\r\n/i);
    expect(heard).toMatch(/DOOR_[A-Z_]+/);
    expect(heard.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(await stage.quiet()).toBe("");
  });
});

describe("the plain port refuses it or sends it on to https, and asks no app", () => {
  test.each(REFUSED)("$tells", async ({ bytes }) => {
    expect([308, 400, 405, 421, 431]).toContain(await plainAnswer(stage.door, bytes));
    expect(await stage.quiet()).toBe("");
  });

  test("and neither does a proper request, nor what comes behind it", async () => {
    expect(await plainAnswer(stage.door, get("") + SMUGGLED)).toBe(308);
    expect(await plainAnswer(stage.door, post("Content-Length: 3\r\n", `abc${SMUGGLED}`))).toBe(
      308,
    );
    expect(await plainAnswer(stage.door, get("Expect: 100-continue\r\n"))).toBe(308);
    expect(await stage.quiet()).toBe("");
  });
});
