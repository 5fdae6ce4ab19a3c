import { describe, expect, test } from "vitest";
import { acceptFor, handshakeTo, isAnswerTo } from "./connect-protocol.ts";
import { plainAddress } from "./connection.ts";

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
