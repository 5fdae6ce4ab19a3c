import fc from "fast-check";
import { expect, test } from "vitest";
import { openDoor, type TestDoor } from "../../../test/support/door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const HOST = "Host: wiki.local\r\n";

/** What is sent, and the status it must get; every one ends its connection. */
const REFUSED: [title: string, bytes: string, status: number][] = [
  [
    "Content-Length and Transfer-Encoding",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "Transfer-Encoding and Content-Length",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "a transfer coding beside chunked",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "chunked not last",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "chunked twice",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "Transfer-Encoding in HTTP/1.0",
    `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "a blank before the colon of Transfer-Encoding",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    "two different lengths",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    400,
  ],
  [
    "the same length twice",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
    400,
  ],
  ["a list of lengths", `POST / HTTP/1.1\r\n${HOST}Content-Length: 1, 1\r\n\r\na`, 400],
  ["a length with a sign", `POST / HTTP/1.1\r\n${HOST}Content-Length: +1\r\n\r\na`, 400],
  ["a length in hexadecimal", `POST / HTTP/1.1\r\n${HOST}Content-Length: 0x1\r\n\r\na`, 400],
  ["an empty length", `POST / HTTP/1.1\r\n${HOST}Content-Length:\r\n\r\na`, 400],
  [
    "a length beyond all counting",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999999\r\n\r\na`,
    400,
  ],
  ["a folded field", `GET / HTTP/1.1\r\n${HOST}X-Folded: a\r\n b\r\n\r\n`, 400],
  ["a bare LF behind a field", `GET / HTTP/1.1\r\n${HOST}X-A: b\nX-B: c\r\n\r\n`, 400],
  ["a bare LF behind the request line", `GET / HTTP/1.1\n${HOST}\r\n`, 400],
  ["a bare LF for the empty line", `GET / HTTP/1.1\r\n${HOST}\n`, 400],
  ["a bare CR within a field", `GET / HTTP/1.1\r\n${HOST}X-A: b\rc\r\n\r\n`, 400],
  ["a NUL in a field", `GET / HTTP/1.1\r\n${HOST}X-A: b\0c\r\n\r\n`, 400],
  ["a control byte in a field", `GET / HTTP/1.1\r\n${HOST}X-A: b\x01c\r\n\r\n`, 400],
  ["a NUL in a field name", `GET / HTTP/1.1\r\n${HOST}X\0A: b\r\n\r\n`, 400],
  ["a blank in a field name", `GET / HTTP/1.1\r\n${HOST}X A: b\r\n\r\n`, 400],
  ["a field without a colon", `GET / HTTP/1.1\r\n${HOST}nothing\r\n\r\n`, 400],
  ["an empty field name", `GET / HTTP/1.1\r\n${HOST}: b\r\n\r\n`, 400],
  ["a blank before the first field", `GET / HTTP/1.1\r\n ${HOST}\r\n`, 400],
  ["a NUL in the path", `GET /a\0b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a control byte in the path", `GET /a\x01b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a tab in the request line", `GET\t/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["raw bytes above ASCII in the path", `GET /\xe4 HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a fragment in the path", `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a path that does not begin with a slash", `GET a HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 400],
  ["an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400],
  ["two Hosts", `GET / HTTP/1.1\r\n${HOST}Host: other.local\r\n\r\n`, 400],
  ["the same Host twice", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
  ["a list of Hosts", "GET / HTTP/1.1\r\nHost: wiki.local, other.local\r\n\r\n", 400],
  ["a Host with a user", "GET / HTTP/1.1\r\nHost: a@wiki.local\r\n\r\n", 400],
  ["a Host with a path", "GET / HTTP/1.1\r\nHost: wiki.local/a\r\n\r\n", 400],
  ["a Host with an impossible port", "GET / HTTP/1.1\r\nHost: wiki.local:99999\r\n\r\n", 400],
  ["an absolute target with another host", `GET http://other.local/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["an absolute target with a user", `GET http://a@wiki.local/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["an absolute target of another scheme", `GET ftp://wiki.local/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["CONNECT", `CONNECT wiki.local:443 HTTP/1.1\r\n${HOST}\r\n`, 405],
  ["TRACE", `TRACE / HTTP/1.1\r\n${HOST}\r\n`, 405],
  ["a method nobody knows", `FLY / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["another version", `GET / HTTP/2.0\r\n${HOST}\r\n`, 400],
  ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01", 400],
  [
    "a megabyte of fields",
    `GET / HTTP/1.1\r\n${HOST}${"X-A: 0123456789012345678901234567890123456789\r\n".repeat(22_000)}\r\n`,
    431,
  ],
  [
    "one field of a megabyte",
    `GET / HTTP/1.1\r\n${HOST}X-A: ${"a".repeat(1_000_000)}\r\n\r\n`,
    431,
  ],
  ["a path of a megabyte", `GET /${"a".repeat(1_000_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
];

/** Broken behind a head that is fine: the app has it already, and must not be left with half of it as a whole. */
const BROKEN_CONTENT: [title: string, bytes: string][] = [
  ["a bare LF behind a chunk's size", "2\nok\r\n0\r\n\r\n"],
  ["a bare LF behind a chunk", "2\r\nok\n0\r\n\r\n"],
  ["a chunk longer than it says", "2\r\nokk\r\n0\r\n\r\n"],
  ["a chunk size that is no number", "x\r\nok\r\n0\r\n\r\n"],
  ["a chunk size beyond all counting", "fffffffffffffffff\r\nok\r\n0\r\n\r\n"],
  ["a chunk size with 0x", "0x2\r\nok\r\n0\r\n\r\n"],
  ["endless chunk extensions", `2;${"a=b;".repeat(20_000)}\r\nok\r\n0\r\n\r\n`],
];

async function expectServing(door: TestDoor): Promise<void> {
  const talk = await door.raw("wiki.local");
  talk.say(`GET /next HTTP/1.1\r\n${HOST}\r\n`);
  expect(await talk.until("ok")).toMatch(/^HTTP\/1.1 200 /);
}

test.each(REFUSED)(
  "%s is refused, nothing reaches the app, and the next visitor is served",
  async (_title, bytes, status) => {
    const app = await rawApp(answering(OK));
    const door = await openDoor({ wiki: app.to });
    const talk = await door.raw("wiki.local");
    talk.say(bytes);
    const heard = await talk.end();
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(heard).toMatch(/\r\nconnection: close\r\n/i);
    expect(heard).toMatch(/DOOR_[A-Z_]+/);
    expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(app.received.join("")).toBe("");
    await expectServing(door);
  },
);

test.each(BROKEN_CONTENT)(
  "%s is refused, and the app gets no whole request of it",
  async (_title, chunks) => {
    const app = await rawApp(answering((head) => (head.startsWith("POST") ? "" : OK)));
    const door = await openDoor({ wiki: app.to });
    const talk = await door.raw("wiki.local");
    talk.say(`POST /broken HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
    await expect.poll(() => app.received.join("")).toContain("POST /broken");
    talk.say(chunks);
    await talk.end();
    await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
    expect(app.received[0]).not.toContain("\r\n0\r\n");
    await expectServing(door);
  },
);

const UPGRADE = `GET /socket HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

test.each([
  ["a WebSocket", UPGRADE],
  ["CONNECT", `CONNECT wiki.local:443 HTTP/1.1\r\n${HOST}\r\n`],
  ["an upgrade to something else", UPGRADE.replace("websocket", "h2c")],
  ["something malformed", "nonsense\r\n\r\n"],
])(
  "%s asked for before an earlier request was answered ends the connection, and the next visitor is served",
  async (_title, bytes) => {
    const app = await rawApp(answering((head) => (head.startsWith("GET /slow") ? "" : OK)));
    const door = await openDoor({ wiki: app.to });
    const talk = await door.raw("wiki.local");
    talk.say(`GET /slow HTTP/1.1\r\n${HOST}\r\n${bytes}`);
    expect(await talk.end()).toMatch(/^(HTTP\/1.1 40[05] .*)?$/s);
    await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
    await expectServing(door);
  },
);

test("something malformed behind a request whose answer is under way breaks that answer off, and adds nothing to it", async () => {
  const app = await rawApp(
    answering((head) =>
      head.startsWith("GET /slow") ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun" : OK,
    ),
  );
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`GET /slow HTTP/1.1\r\n${HOST}\r\n`);
  await talk.until("begun");
  talk.say("nonsense\r\n\r\n");
  expect(await talk.end()).toMatch(/begun$/);
  await expectServing(door);
});

test("whatever bytes come, on either port, the door stays open", async () => {
  const app = await rawApp(answering(OK));
  const door = await openDoor({ wiki: app.to });
  const part = fc.constantFrom(
    "GET ",
    "POST ",
    "/",
    " HTTP/1.1",
    "\r\n",
    "\n",
    "\r",
    ":",
    " ",
    "\0",
    "0",
    "ffff",
    HOST,

    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 5\r\n",
    "Expect: 100-continue\r\n",
    UPGRADE,
    "Connection: close\r\n",
    "\r\n\r\n",
    "\x16\x03\x01",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  );
  const bytes = fc.array(fc.oneof(part, fc.string({ unit: "binary", maxLength: 8 })), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (parts, isPlain) => {
      const talk = isPlain ? await door.plain() : await door.raw("wiki.local");
      talk.say(parts.join(""));
      talk.socket.end();
      await talk.end();
    }),
    { numRuns: 150 },
  );
  await expectServing(door);
  expect(door.log.filter(({ level }) => level === "error")).toEqual([]);
});
