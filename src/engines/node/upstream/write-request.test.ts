import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { UnsendableRequestError, type UpstreamRequest } from "./upstream.ts";
import { fieldLines, requestHead } from "./write-request.ts";

const plain: UpstreamRequest = {
  method: "GET",
  target: "/a?b=1",
  headers: ["Host", "app.local", "X-Twice", "1", "x-twice", ""],
  body: undefined,
};
const bodyOf = (length: number | undefined, expectContinue = false): UpstreamRequest["body"] => ({
  stream: Readable.from([]),
  length,
  trailers: undefined,
  expectContinue,
});

describe("a head", () => {
  test("has the fields as they were given, and no framing where there is no content", () => {
    expect(requestHead(plain, false)).toBe(
      "GET /a?b=1 HTTP/1.1\r\nHost: app.local\r\nX-Twice: 1\r\nx-twice: \r\n\r\n",
    );
  });

  test("says how the body is framed", () => {
    const head = (body: UpstreamRequest["body"]): string =>
      requestHead({ method: "POST", target: "*", headers: [], body }, false);
    expect(head(bodyOf(0))).toBe("POST * HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    expect(head(bodyOf(undefined, true))).toBe(
      "POST * HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
    );
  });

  test("asks to switch protocols", () => {
    const headers = ["Upgrade", "websocket"];
    expect(requestHead({ ...plain, headers }, true)).toBe(
      "GET /a?b=1 HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    );
  });

  test("has bytes above ASCII in the target percent-encoded", () => {
    const target = Buffer.from("/für").toString("latin1");
    expect(requestHead({ ...plain, target }, false)).toContain("GET /f%c3%bcr HTTP/1.1\r\n");
  });
});

describe("what cannot be sent", () => {
  test.each<[string, Partial<UpstreamRequest>]>([
    ["a method with a space", { method: "GET /" }],
    ["an empty method", { method: "" }],
    ["CONNECT", { method: "CONNECT" }],
    ["a target with a space", { target: "/a b" }],
    ["a target with a line end", { target: "/a\r\nX: y" }],
    ["a target with a tab", { target: "/a\tb" }],
    ["a target with NUL", { target: "/\0" }],
    ["a target with no slash", { target: "http://a/" }],
    ["an empty target", { target: "" }],
    ["a target beyond latin1", { target: "/\u010a" }],
    ["a name with a space", { headers: ["a ", "b"] }],
    ["an empty name", { headers: ["", "b"] }],
    ["a name with a colon", { headers: ["a:b", "c"] }],
    ["a pseudo-header of HTTP/2", { headers: [":path", "/"] }],
    ["CR in a value", { headers: ["a", "b\rc"] }],
    ["LF in a value", { headers: ["a", "b\nc"] }],
    ["NUL in a value", { headers: ["a", "\0"] }],
    ["a value whose low byte is LF", { headers: ["a", "b\u010ac"] }],
    ["a length of the caller's own", { headers: ["content-length", "3"] }],
    ["a coding of the caller's own", { headers: ["Transfer-Encoding", "chunked"] }],
    ["a Connection of the caller's own", { headers: ["Connection", "close"] }],
    ["half a byte of content", { body: bodyOf(1.5) }],
    ["a negative length", { body: bodyOf(-1) }],
  ])("%s", (_, part) => {
    expect(() => requestHead({ ...plain, ...part }, false)).toThrow(UnsendableRequestError);
  });

  test("a trailer that is a line too many, or moves the end", () => {
    expect(() => fieldLines(["A", "b\r\nC: d"])).toThrow(UnsendableRequestError);
    expect(() => fieldLines(["Content-Length", "1"])).toThrow(UnsendableRequestError);
  });
});

test("whatever can be sent is one request, read by Node's parser as it was meant", async () => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.end();
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const text = fc.string({ unit: "binary-ascii", maxLength: 5 });
  const hostile = fc.oneof(
    text,
    text,
    fc.constantFrom("\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n", "a"),
  );
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (path, name, value) => {
      const headers = ["Host", "a", `X-${name}`, `${value}`];
      const head = headOrNothing({ ...plain, target: `/${path}`, headers });
      if (head === undefined) return;
      seen.length = 0;
      const socket = connect(port, "127.0.0.1");
      socket.end(head, "latin1").resume();
      await once(socket, "close");
      expect(seen.map(({ url, rawHeaders }) => ({ url, rawHeaders }))).toEqual([
        { url: `/${path}`, rawHeaders: ["Host", "a", `X-${name}`, trimmed(value)] },
      ]);
    }),
    { numRuns: 400 },
  );
});

function headOrNothing(request: UpstreamRequest): string | undefined {
  try {
    return requestHead(request, false);
  } catch (thrown) {
    if (thrown instanceof UnsendableRequestError) return undefined;
    throw thrown;
  }
}

const trimmed = (value: string): string => value.replace(/^[ \t]+|[ \t]+$/g, "");
