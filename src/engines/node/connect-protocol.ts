/*
 * WebSocket handshakes on both sides of the door. Pure. Over HTTP/2 the visitor sends no key and waits
 * for no accept (RFC 8441 section 5); the app speaks HTTP/1.1 and wants one, so the door makes it.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Protocol } from "./exchange.ts";
import { tokensOf, valuesOf } from "./fields.ts";
import { without } from "./headers.ts";
import type { RawHeaders, UpstreamHead } from "./upstream/upstream.ts";

export interface Handshake {
  readonly headers: RawHeaders;
  readonly key: string;
}

/**
 * The fields of the request to the app. Over HTTP/1.1 the visitor's own key goes through; undefined where it
 * sent none or several, and no answer could be told from a forged one.
 */
export function handshakeTo(fields: RawHeaders, protocol: Protocol): Handshake | undefined {
  const rest = without(fields, OURS_ALWAYS);
  if (protocol === "h2") {
    const key = randomBytes(16).toString("base64");
    const keyless = without(rest, OURS_OVER_HTTP2);
    const headers = [...keyless, "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", key];
    return { key, headers: [...headers, "Upgrade", "websocket"] };
  }
  const [key, ...more] = valuesOf(fields, "sec-websocket-key");
  if (key === undefined || more.length > 0) return undefined;
  return { key, headers: [...rest, "Upgrade", "websocket"] };
}

/** Whether the app's 101 is an answer to this handshake; RFC 6455 section 4.1. */
export function isAnswerTo(head: UpstreamHead, key: string): boolean {
  const upgrades = tokensOf(head.headers, "upgrade");
  const accepts = valuesOf(head.headers, "sec-websocket-accept");
  const isWebSocket = upgrades.length === 1 && upgrades[0] === "websocket";
  return isWebSocket && accepts.length === 1 && accepts[0] === acceptFor(key);
}

/** RFC 6455 section 4.2.2. */
export function acceptFor(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

const OURS_ALWAYS: ReadonlySet<string> = new Set(["upgrade"]);
const OURS_OVER_HTTP2: ReadonlySet<string> = new Set([
  "sec-websocket-key",
  "sec-websocket-version",
]);
