import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Asked, ResponseParser } from "./response-parser.ts";
import { UpstreamFailureError } from "./upstream.ts";

/** Everything a parser said about some bytes, as a value that can be compared. */
interface Reading {
  readonly information: number[];
  readonly head: string;
  readonly body: string;
  readonly trailers: readonly string[];
  readonly isComplete: boolean;
  readonly switched: boolean;
  /** Bytes behind the end. */
  readonly rest: string;
  readonly failure: string;
}

const GET: Asked = { method: "GET", upgrade: false, maxHeadBytes: 200 };

function read(parts: readonly string[], asked: Asked = GET): Reading {
  const seen = {
    information: [] as number[],
    head: "",
    body: "",
    trailers: [] as readonly string[],
    isComplete: false,
    switched: false,
    rest: "",
    failure: "",
  };
  const parser = new ResponseParser(asked, {
    onInformation: ({ status }) => seen.information.push(status),
    onHead: (head, framing) => (seen.head = JSON.stringify({ head, framing })),
    onPart: (bytes) => (seen.body += bytes.toString("latin1")),
    onEnd: (trailers) => Object.assign(seen, { trailers, isComplete: true }),
    onSwitched: () => (seen.switched = true),
  });
  try {
    for (const part of parts) {
      seen.rest += parser.push(Buffer.from(part, "latin1"))?.toString("latin1") ?? "";
    }
    parser.end();
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailureError)) throw thrown;
    seen.failure = thrown.kind;
  }
  return seen;
}

const OK = "HTTP/1.1 200 OK\r\n";

describe("what is read", () => {
  test.each<[string, string, Partial<Reading>]>([
    ["a length", `${OK}Content-Length: 3\r\n\r\nabc`, { body: "abc", isComplete: true }],
    ["no content", `${OK}content-length: 0\r\n\r\n`, { body: "", isComplete: true }],
    ["the end of the connection", `${OK}\r\nabc`, { body: "abc", isComplete: true }],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nabc", { body: "abc", isComplete: true }],
    ["no reason", "HTTP/1.1 204\r\n\r\n", { isComplete: true }],
    [
      "chunks",
      `${OK}Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n00a;x=1;y="z"\r\n0123456789\r\n0\r\n\r\n`,
      { body: "abc0123456789", isComplete: true },
    ],
    [
      "trailers",
      `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nGrpc-Status: 0 \r\nB:c\r\n\r\n`,
      { body: "a", trailers: ["Grpc-Status", "0", "B", "c"], isComplete: true },
    ],
    [
      "answers in between",
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 1\r\n\r\na`,
      { information: [100, 103], body: "a", isComplete: true },
    ],
    [
      "bytes behind the end, told apart",
      `${OK}Content-Length: 1\r\n\r\nabc`,
      { body: "a", rest: "bc", isComplete: true },
    ],
  ])("%s", (_, bytes, expected) => {
    expect(read([bytes])).toMatchObject({ ...expected, failure: "" });
  });

  test.each([204, 304])("%i has no content whatever its fields say", (status) => {
    const bytes = `HTTP/1.1 ${status} x\r\nContent-Length: 5\r\n\r\nHTTP/`;
    expect(read([bytes])).toMatchObject({ body: "", rest: "HTTP/", isComplete: true });
  });

  test("an answer to HEAD has no content, and its length is told", () => {
    const reading = read([`${OK}Content-Length: 5\r\n\r\n`], { ...GET, method: "HEAD" });
    expect(reading).toMatchObject({ body: "", isComplete: true, failure: "" });
    expect(JSON.parse(reading.head)).toMatchObject({ framing: { length: 5, persistent: true } });
    const chunked = read([`${OK}Transfer-Encoding: chunked\r\n\r\n`], { ...GET, method: "HEAD" });
    expect(chunked).toMatchObject({ isComplete: true, failure: "" });
  });

  test("an answer in between has no content whatever its fields say", () => {
    const bytes = `HTTP/1.1 103 x\r\nContent-Length: 9\r\n\r\n${OK}Content-Length: 1\r\n\r\na`;
    expect(read([bytes])).toMatchObject({ information: [103], body: "a", isComplete: true });
  });

  test("names, values, order, case, duplicates and bytes above ASCII are kept", () => {
    const reading = read([`${OK}b: \t1 2 \xa0\r\nA:\r\nb: \xe9\r\nContent-Length: 0\r\n\r\n`]);
    expect(JSON.parse(reading.head)).toMatchObject({
      head: { headers: ["b", "1 2 \xa0", "A", "", "b", "\xe9", "Content-Length", "0"] },
    });
  });

  test.each([
    ["HTTP/1.1 serves again", OK, "", true],
    ["HTTP/1.1 with close does not", OK, "Connection: X, Close\r\n", false],
    ["HTTP/1.0 does not", "HTTP/1.0 200 OK\r\n", "", false],
    ["HTTP/1.0 with keep-alive does", "HTTP/1.0 200 OK\r\n", "Connection: Keep-Alive\r\n", true],
  ])("%s", (...[, line, fields, persistent]) => {
    const reading = read([`${line}${fields}Content-Length: 0\r\n\r\n`]);
    expect(JSON.parse(reading.head)).toMatchObject({ framing: { persistent } });
  });

  test("how long the app keeps an idle connection is read in milliseconds", () => {
    const reading = read([`${OK}Keep-Alive: max=3, timeout=5\r\nContent-Length: 0\r\n\r\n`]);
    expect(JSON.parse(reading.head)).toMatchObject({ framing: { keepsMs: 5000 } });
  });
});

describe("what is refused", () => {
  const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
  const fields = (lines: string): string => `${OK}${lines}\r\n\r\n`;
  test.each([
    ["bare LF between lines", "HTTP/1.1 200 OK\nA: b\n\n"],
    ["bare LF among CRLF", fields("A: b\nC: d")],
    ["bare CR in a value", fields("A: b\rC: d")],
    ["bare CR at a line's end", fields("A: b\r")],
    ["a folded line", fields("A: b\r\n c")],
    ["a folded first line", fields(" A: b")],
    ["a space before the colon", fields("A : b")],
    ["no colon", fields("A")],
    ["no name", fields(": b")],
    ["a name that is no token", fields("A(b): c")],
    ["a name above ASCII", fields("\xe9: c")],
    ["NUL in a value", fields("A: b\0c")],
    ["a control byte in a value", fields("A: b\x1bc")],
    ["DEL in a value", fields("A: b\x7fc")],
    ["NUL in the reason", "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n"],
    ["both framings", fields("Content-Length: 3\r\nTransfer-Encoding: chunked")],
    ["two lengths", fields("Content-Length: 3\r\nContent-Length: 4")],
    ["the same length twice", fields("Content-Length: 3\r\ncontent-length: 3")],
    ["a list of lengths", fields("Content-Length: 3, 3")],
    ["a signed length", fields("Content-Length: +3")],
    ["a negative length", fields("Content-Length: -3")],
    ["a length in hex", fields("Content-Length: 0x3")],
    ["an empty length", fields("Content-Length:")],
    ["a length beyond 2^53", fields("Content-Length: 9007199254740993")],
    ["another coding", fields("Transfer-Encoding: gzip")],
    ["two codings", fields("Transfer-Encoding: gzip, chunked")],
    ["chunked twice", fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")],
    ["a quoted coding", fields('Transfer-Encoding: "chunked"')],
    ["an empty coding", fields("Transfer-Encoding:")],
    ["a coding in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a tab behind chunked", fields("A: b\r\nTransfer-Encoding: chunked\t")],
    ["a tab before a length", fields("Content-Length:\t3")],
    ["two digits", "HTTP/1.1 20 OK\r\n\r\n"],
    ["four digits", "HTTP/1.1 2000 OK\r\n\r\n"],
    ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n"],
    ["a status above 599", "HTTP/1.1 600 OK\r\n\r\n"],
    ["a tab for the space", "HTTP/1.1\t200 OK\r\n\r\n"],
    ["two spaces", "HTTP/1.1  200 OK\r\n\r\n"],
    ["HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n"],
    ["HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"],
    ["lower case", "http/1.1 200 OK\r\n\r\n"],
    ["HTTP/0.9", "<html>hello</html>"],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a settings frame of HTTP/2", "\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d"],
    ["an alert of TLS", "\x15\x03\x01\0\x02\x02\x46"],
    ["SSH", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["an empty line first", `\r\n${OK}Content-Length: 0\r\n\r\n`],
    ["a protocol nobody asked for", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n"],
    ["an answer in between in HTTP/1.0", `HTTP/1.0 103 x\r\n\r\n${OK}\r\n`],
    ["an answer in between that closes", `HTTP/1.1 103 x\r\nConnection: close\r\n\r\n${OK}\r\n`],
    ["a head above the limit", fields(`A: ${"b".repeat(200)}`)],
    ["a head above the limit that does not end", `${OK}A: ${"b".repeat(200)}`],
    ["an empty chunk size", `${CHUNKED}\r\na`],
    ["a chunk size with junk", `${CHUNKED}1x\r\na\r\n0\r\n\r\n`],
    ["a chunk size with 0x", `${CHUNKED}0x1\r\na\r\n0\r\n\r\n`],
    ["a signed chunk size", `${CHUNKED}+1\r\na\r\n0\r\n\r\n`],
    ["a space before a chunk size", `${CHUNKED} 1\r\na\r\n0\r\n\r\n`],
    ["a space behind a chunk size", `${CHUNKED}1 \r\na\r\n0\r\n\r\n`],
    ["a chunk size that overflows", `${CHUNKED}10000000000001\r\na`],
    ["a chunk size with bare LF", `${CHUNKED}1\na\r\n0\r\n\r\n`],
    ["a chunk size with bare CR", `${CHUNKED}1\ra\r\n0\r\n\r\n`],
    ["bare CR in an extension", `${CHUNKED}1;a\rb\r\na\r\n0\r\n\r\n`],
    ["a chunk extension without end", `${CHUNKED}1;${"a".repeat(2000)}`],
    ["a chunk longer than it says", `${CHUNKED}1\r\nab\r\n0\r\n\r\n`],
    ["LF behind a chunk", `${CHUNKED}1\r\na\n0\r\n\r\n`],
    ["a trailer with bare LF", `${CHUNKED}0\r\nA: b\nC: d\r\n\r\n`],
    ["a trailer that is no field", `${CHUNKED}0\r\nA b\r\n\r\n`],
    ["a folded trailer", `${CHUNKED}0\r\nA: b\r\n c\r\n\r\n`],
    ["a length among the trailers", `${CHUNKED}0\r\nContent-Length: 5\r\n\r\n`],
    ["trailers above the limit", `${CHUNKED}0\r\n${"A: b\r\n".repeat(50)}\r\n`],
  ])("%s", (_, bytes) => {
    expect(read([bytes])).toMatchObject({ failure: "garbage", isComplete: false });
    expect(read(Array.from(bytes))).toMatchObject({ failure: "garbage", isComplete: false });
  });

  test("answers in between without an end", () => {
    const hint = `HTTP/1.1 103 x\r\nA: ${"b".repeat(100)}\r\n\r\n`;
    const reading = read([hint.repeat(10_000)]);
    expect(reading.failure).toBe("garbage");
    expect(reading.information.length).toBeLessThan(10_000);
  });

  test("a switch that does not say to what", () => {
    const asked = { ...GET, upgrade: true };
    expect(read(["HTTP/1.1 101 x\r\n\r\n"], asked).failure).toBe("garbage");
    const well = read(["HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n\x81\x00"], asked);
    expect(well).toMatchObject({ switched: true, rest: "\x81\x00", failure: "" });
  });
});

describe("an app that breaks off", () => {
  const whole = `HTTP/1.1 103 x\r\n\r\n${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n`;

  test("is noticed at every byte before the end", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(read([whole.slice(0, length)])).toMatchObject({
        failure: "closed",
        isComplete: false,
      });
    }
    expect(read([whole])).toMatchObject({ failure: "", isComplete: true });
  });

  test("is noticed within a length", () => {
    expect(read([`${OK}Content-Length: 3\r\n\r\nab`])).toMatchObject({
      failure: "closed",
      body: "ab",
    });
  });
});

describe("any split of the same bytes reads the same", () => {
  const pieces = fc.constantFrom(
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 404 \r\n",
    "HTTP/1.1 103 x\r\n",
    "HTTP/1.1 101 x\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "A: b\r\n",
    "\r\n",
    "3\r\nabc\r\n",
    "abc",
    "0\r\n\r\n",
    "0\r\nT: x\r\n\r\n",
    "f;a=b\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "x",
    "0",
    "Upgrade: a\r\n",
    `L: ${"l".repeat(190)}\r\n`,
  );
  const likely = fc.constantFrom(
    `${OK}Content-Length: 3\r\n\r\n`,
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    "",
  );
  const bytes = fc
    .tuple(likely, fc.array(pieces, { maxLength: 12 }))
    .map(([first, rest]) => first + rest.join(""));

  test("cut anywhere", () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), fc.infiniteStream(fc.nat(9)), (text, upgrade, lengths) => {
        const asked = { ...GET, upgrade };
        const whole = read([text], asked);
        expect(read(cut(text, lengths), asked)).toEqual(whole);
        expect(read(Array.from(text), asked)).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

function cut(text: string, lengths: Iterable<number>): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at >= text.length) break;
    parts.push(text.slice(at, at + length + 1));
    at += length + 1;
  }
  return parts;
}
