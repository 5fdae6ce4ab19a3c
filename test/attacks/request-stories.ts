/*
 * Requests that two programs could read in two ways, told as stories: malformed-requests.test.ts plays them.
 */

const HOST = "Host: wiki.local\r\n";
/** What the attacker wants the app to take for a request of its own. */
export const SMUGGLED = "GET /admin HTTP/1.1\r\nHost: wiki.local\r\n\r\n";
export const post = (fields: string, content: string): string =>
  `POST /a HTTP/1.1\r\n${HOST}${fields}\r\n${content}`;
export const get = (fields: string): string => `GET /a HTTP/1.1\r\n${HOST}${fields}\r\n`;

export interface Story {
  /** What is sent, and what an app that believes it would have done. */
  readonly tells: string;
  readonly bytes: string;
  /** The status of the one answer there is. */
  readonly hears: number;
  /** Where nginx has one reading of it, and the app is sent that and nothing else. */
  readonly nginx?: { readonly sees: readonly string[]; readonly reason: string };
}

const BY_LINE = "nginx ends a line at LF alone, and writes every line anew";
const AS_IT_IS = "nginx leaves it to the app; it ends no line and no field";

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
    ...(fields.startsWith("X: x\n")
      ? { nginx: { sees: ["POST /a", "GET /admin"], reason: BY_LINE } }
      : {}),
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
    nginx: { sees: ["GET /a"], reason: BY_LINE },
  },
  {
    tells: "one LF alone among proper lines",
    bytes: get("X-A: b\nX-B: c\r\n"),
    hears: 400,
    nginx: { sees: ["GET /a"], reason: BY_LINE },
  },
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
    nginx: { sees: ["GET /a", "GET /admin"], reason: BY_LINE },
  },
  { tells: "a blank before the first field", bytes: `GET /a HTTP/1.1\r\n ${HOST}\r\n`, hears: 400 },
  { tells: "a blank before a colon", bytes: get("X-A : b\r\n"), hears: 400 },
  {
    tells: "a field without a colon",
    bytes: get("X-A\r\n"),
    hears: 400,
    nginx: { sees: ["GET /a"], reason: "nginx takes it for a field without a value" },
  },
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
  {
    tells: "a control byte in a value",
    bytes: get("X-A: b\x1b[31mc\r\n"),
    hears: 400,
    nginx: { sees: ["GET /a"], reason: AS_IT_IS },
  },
  {
    tells: "a DEL in a value",
    bytes: get("X-A: b\x7fc\r\n"),
    hears: 400,
    nginx: { sees: ["GET /a"], reason: AS_IT_IS },
  },
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
  {
    tells: "a method nobody knows",
    bytes: `EVIL /a HTTP/1.1\r\n${HOST}\r\n`,
    hears: 400,
    nginx: { sees: ["EVIL /a"], reason: AS_IT_IS },
  },
  { tells: "a method in small letters", bytes: `get /a HTTP/1.1\r\n${HOST}\r\n`, hears: 400 },
  { tells: "HTTP/0.9", bytes: "GET /a\r\n\r\n", hears: 400 },
  { tells: "HTTP/0.9 by name", bytes: `GET /a HTTP/0.9\r\n${HOST}\r\n`, hears: 400 },
  { tells: "HTTP/2.0 in letters", bytes: `GET /a HTTP/2.0\r\n${HOST}\r\n`, hears: 400 },
  {
    tells: "HTTP/1.2",
    bytes: `GET /a HTTP/1.2\r\n${HOST}\r\n`,
    hears: 400,
    nginx: { sees: ["GET /a"], reason: "nginx takes it for HTTP/1.1 (RFC 9110 section 2.5)" },
  },
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
    nginx: { sees: ["POST /a"], reason: "nginx passes the request on without the wish" },
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

export const REFUSED = [...FRAMING, ...LINES, ...HOSTS, ...KINDS];
