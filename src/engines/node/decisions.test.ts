import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptFor, handshakeTo, isAnswerTo } from "./connect-protocol.ts";
import { plainAddress } from "./connection.ts";
import { framingOf } from "./request-framing.ts";
import { createResetGuard } from "./reset-guard.ts";
import { readTarget } from "./target.ts";

describe("a request target", () => {
  test.each([
    ["/", undefined, "/"],
    ["*", undefined, "*"],
    ["/a?b", undefined, "/a?b"],
    ["//a/b", undefined, "//a/b"],
    ["http://wiki.local", "wiki.local", "/"],
    ["HTTPS://wiki.local:1?a", "wiki.local:1", "/?a"],
    ["https://wiki.local/a?b=/c", "wiki.local", "/a?b=/c"],
  ])("%s is taken apart", (target, authority, path) => {
    expect(readTarget(target)).toEqual({ authority, path });
  });

  test.each([
    "",
    "a",
    "*a",
    "/ ",
    "/\u007f",
    "/\u00e4",
    "/#",
    "http://",
    "http:/a",
    "ftp://a/",
    "wiki.local:443",
  ])("%j is none", (target) => {
    expect(readTarget(target)).toBeUndefined();
  });

  test("never gives a path that could end a line or begin another", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const path = readTarget(`/${text}`)?.path ?? "/";
        expect(path).toMatch(/^\/[!-~]*$/);
      }),
    );
  });
});

describe("where a request's content ends", () => {
  test.each([
    [[], { length: undefined, isChunked: false }],
    [["Content-Length", "0"], { length: 0, isChunked: false }],
    [["content-length", "0012"], { length: 12, isChunked: false }],
    [["Transfer-Encoding", "Chunked"], { length: undefined, isChunked: true }],
  ])("%j is one reading", (headers, framing) => {
    expect(framingOf(headers, "http/1.1")).toEqual(framing);
  });

  test.each([
    [["content-length", "1", "content-length", "1"]],
    [["content-length", "-1"]],
    [["content-length", "1e3"]],
    [["content-length", ""]],
    [["content-length", "9999999999999999"]],
    [["transfer-encoding", "chunked", "content-length", "1"]],
    [["transfer-encoding", "gzip, chunked"]],
    [["transfer-encoding", "chunked", "transfer-encoding", "chunked"]],
    [["transfer-encoding", " chunked"]],
    [["transfer-encoding", ""]],
  ])("%j is none", (headers) => {
    expect(framingOf(headers, "http/1.1")).toBeTypeOf("string");
  });

  test("chunks belong to HTTP/1.1 alone", () => {
    expect(framingOf(["transfer-encoding", "chunked"], "http/1.0")).toBeTypeOf("string");
    expect(framingOf(["transfer-encoding", "chunked"], "h2")).toBeTypeOf("string");
  });
});

describe("a WebSocket handshake", () => {
  const head = (...headers: string[]) => ({ status: 101, statusText: "", headers });
  // The example of RFC 6455 section 1.3.
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  test("is accepted as the RFC's example is", () => {
    expect(acceptFor(key)).toBe(accept);
    expect(isAnswerTo(head("Upgrade", "WebSocket", "Sec-WebSocket-Accept", accept), key)).toBe(
      true,
    );
  });

  test("is not accepted by anything else", () => {
    expect(isAnswerTo(head("Upgrade", "websocket"), key)).toBe(false);
    expect(isAnswerTo(head("Sec-WebSocket-Accept", accept), key)).toBe(false);
    const twice = ["Sec-WebSocket-Accept", accept, "Sec-WebSocket-Accept", accept];
    expect(isAnswerTo(head("Upgrade", "websocket", ...twice), key)).toBe(false);
    expect(isAnswerTo(head("Upgrade", "h2c, websocket", "Sec-WebSocket-Accept", accept), key)).toBe(
      false,
    );
  });

  test("over HTTP/1.1 goes on with the visitor's key, without one it does not go on", () => {
    expect(handshakeTo(["Sec-WebSocket-Key", key], "http/1.1")).toEqual({
      key,
      headers: ["Sec-WebSocket-Key", key, "Upgrade", "websocket"],
    });
    expect(handshakeTo([], "http/1.1")).toBeUndefined();
    expect(
      handshakeTo(["Sec-WebSocket-Key", key, "sec-websocket-key", key], "http/1.1"),
    ).toBeUndefined();
  });

  test("over HTTP/2 gets a fresh key each time", () => {
    const [one, two] = [handshakeTo([], "h2"), handshakeTo([], "h2")];
    expect(one?.key).toMatch(/^[+/\w]{22}==$/);
    expect(one?.key).not.toBe(two?.key);
  });
});

test.each([
  ["::ffff:192.168.1.5", "192.168.1.5"],
  ["192.168.1.5", "192.168.1.5"],
  ["fe80::1%eth0", "fe80::1"],
  ["::1", "::1"],
  [undefined, "unknown"],
])("the address %s is written %s", (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

test("resets are counted per window, and too many are told once", () => {
  let told = 0;
  const guard = createResetGuard({ resets: 3, resetWindow: 60_000 }, () => (told += 1));
  for (let i = 0; i < 3; i += 1) guard.count();
  expect(told).toBe(0);
  for (let i = 0; i < 10; i += 1) guard.count();
  expect(told).toBe(1);
  const patient = createResetGuard({ resets: 1, resetWindow: -1 }, () => (told += 1));
  for (let i = 0; i < 10; i += 1) patient.count();
  expect(told).toBe(1);
});
