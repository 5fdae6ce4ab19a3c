/*
 * HTTP/2 frame by frame, as the chapters of RFC 9113 are asked here, in the manner of h2spec: what a case
 * says, and which ways of taking it the RFC allows.
 */
import type { Play } from "../support/raw-app.ts";
import type { Talk } from "../support/door.ts";
import {
  DATA,
  END_HEADERS,
  END_STREAM,
  type Field,
  frame,
  framesIn,
  GOAWAY,
  HEADERS,
  numberAt,
  PING,
  RST_STREAM,
  section,
  SETTINGS,
} from "../attacks/http2-frames.ts";
import type { Engine, EngineName } from "./engines.ts";

export const PRIORITY = 0x2;
export const PUSH_PROMISE = 0x5;
export const PADDED = 0x8;
export const ACK = 0x1;
export const WHOLE = END_STREAM | END_HEADERS;

/** RFC 9113 section 7. */
export const CODES = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  FLOW_CONTROL_ERROR: 3,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  COMPRESSION_ERROR: 9,
} as const;
type Code = keyof typeof CODES;

export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HELLO = `${PREFACE}${frame([SETTINGS, 0], 0)}`;

/** What the door is expected to make of it. */
type Expected =
  /** GOAWAY with one of these codes, or the end of the connection without a word. */
  | { readonly connection: readonly Code[]; readonly orIgnored?: boolean }
  /** RST_STREAM with one of these codes, a refusal in HTTP where it is about a request, or a connection error. */
  | { readonly stream: number; readonly codes: readonly Code[] }
  /** Stream 1 is answered 200. */
  | "served"
  /** It is as if nothing had been said: a ping is answered. */
  | "ignored";

export interface Http2Case {
  readonly says: string;
  /** Frames, sent in this order; where they are several, the door has read each before the next. */
  readonly sends: readonly string[];
  readonly expects: Expected;
  /** The whole connection, preface included, is in `sends`. */
  readonly isBare?: boolean;
  /** Where an engine does otherwise, what, and why that is borne. */
  readonly but?: Partial<
    Record<EngineName, { readonly expects: Expected; readonly reason: string }>
  >;
}

export const AS_EXPECTED = "as expected";

const BASE: readonly Field[] = [
  [":scheme", "https"],
  [":authority", "wiki.local"],
];

/** A field section of an ordinary request. `/hang` is never answered. */
export function request(path = "/a", method = "GET", more: readonly Field[] = []): string {
  return section([[":method", method], ...BASE, [":path", path], ...more]);
}

/** A whole request without content, on a stream. */
export function get(stream = 1, path = "/a"): string {
  return frame([HEADERS, WHOLE], stream, request(path));
}

/** A request whose content is yet to come. */
export function post(stream = 1, path = "/a", more: readonly Field[] = []): string {
  return frame([HEADERS, END_HEADERS], stream, request(path, "POST", more));
}

/** The app these cases are asked in front of. */
export const http2App: Play = (socket) => {
  let pending = "";
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    if (pending.startsWith("GET /hang") || pending.startsWith("POST /hang")) return;
    const isWhole =
      pending.startsWith("GET") || /\r\n0\r\n(?:.+\r\n)*\r\n$|\r\n\r\nhello$/.test(pending);
    if (!pending.includes("\r\n\r\n") || !isWhole) return;
    pending = "";
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
};

/**
 * Codes an engine gives beside the right one. Node ends a session whose frames nghttp2 refused as if by an error
 * of its own, INTERNAL_ERROR (RFC 9113 section 7: a code is a hint for the other side's log).
 */
const ALSO: Partial<Record<EngineName, readonly number[]>> = { node: [2] };

/** Plays a case on a connection of its own; gives AS_EXPECTED, or what the door did instead. */
export async function conform(engine: Engine, tried: Http2Case): Promise<string> {
  const talk = await talkHttp2(engine);
  if (tried.isBare !== true) talk.say(HELLO);
  for (const frames of tried.sends) {
    talk.say(frames);
    if (tried.sends.length > 1) await heardOut(talk);
  }
  const expected = tried.but?.[engine.name]?.expects ?? tried.expects;
  const also = ALSO[engine.name] ?? [];
  if (mayBeIgnored(expected)) talk.say(frame([PING, 0], 0, "are you?"));
  let isOver = false;
  void talk.end().then(() => (isOver = true));
  const look = (): string => verdictOn({ ...seenIn(talk.heard()), isOver }, expected, also);
  await waitFor(() => look() === AS_EXPECTED);
  return look() === AS_EXPECTED ? AS_EXPECTED : `${look()}: ${JSON.stringify(talk.heard())}`;
}

function mayBeIgnored(expected: Expected): boolean {
  if (typeof expected === "string") return expected === "ignored";
  return "connection" in expected && expected.orIgnored === true;
}

/** Looks until it is so, at most ten seconds long. */
async function waitFor(isSo: () => boolean): Promise<void> {
  const until = performance.now() + 10_000;
  while (!isSo() && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function talkHttp2({ door }: Engine): Promise<Talk> {
  return door.raw("wiki.local", { ALPNProtocols: ["h2"] });
}

/** The door has read what was said so far: it answers a ping behind it, or has turned away. */
export async function heardOut(talk: Talk): Promise<void> {
  const before = seenIn(talk.heard()).pings.length;
  talk.say(frame([PING, 0], 0, "heard me"));
  await waitFor(() => {
    const { pings, goaway } = seenIn(talk.heard());
    return pings.length > before || goaway !== undefined || talk.socket.destroyed;
  });
}

interface Seen {
  readonly goaway: number | undefined;
  readonly resets: ReadonlyMap<number, number>;
  /** First bytes of the answers' heads: 0x88 is 200 (RFC 7541 appendix A). */
  readonly heads: ReadonlyMap<number, string>;
  readonly content: string;
  readonly pings: readonly string[];
  readonly acknowledged: number;
}

export function seenIn(heard: string): Seen {
  const frames = [...framesIn(heard)];
  const of = (type: number) => frames.filter((one) => one.type === type);
  const codes = of(GOAWAY).map(({ payload }) => numberAt(payload, 4, 4));
  return {
    goaway: codes.find((code) => code !== 0),
    resets: new Map(of(RST_STREAM).map(({ stream, payload }) => [stream, numberAt(payload, 0, 4)])),
    heads: new Map(of(HEADERS).map(({ stream, payload }) => [stream, payload])),
    content: of(DATA)
      .map(({ payload }) => payload)
      .join(""),
    pings: of(PING)
      .filter(({ flags }) => flags === ACK)
      .map(({ payload }) => payload),
    acknowledged: of(SETTINGS).filter(({ flags }) => flags === ACK).length,
  };
}

function verdictOn(
  seen: Seen & { isOver: boolean },
  expected: Expected,
  also: readonly number[],
): string {
  if (typeof expected === "string") {
    const isSo = expected === "served" ? isServed(seen) : isIgnored(seen);
    return isSo ? AS_EXPECTED : `not ${expected} yet`;
  }
  const allowed = codesOf(expected);
  if (seen.goaway !== undefined) {
    return [...allowed, ...also].includes(seen.goaway) ? AS_EXPECTED : `GOAWAY ${seen.goaway}`;
  }
  if (seen.isOver) return AS_EXPECTED;
  if (!("connection" in expected)) return verdictOnStream(seen, expected.stream, allowed);
  return mayBeIgnored(expected) && isIgnored(seen) ? AS_EXPECTED : "the connection goes on";
}

function codesOf(expected: Exclude<Expected, string>): number[] {
  const codes = "connection" in expected ? expected.connection : expected.codes;
  return codes.map((code) => CODES[code]);
}

function verdictOnStream(seen: Seen, stream: number, allowed: readonly number[]): string {
  const reset = seen.resets.get(stream);
  if (reset !== undefined) return allowed.includes(reset) ? AS_EXPECTED : `reset ${reset}`;
  const head = seen.heads.get(stream);
  return head !== undefined && !isOk(head) ? AS_EXPECTED : "the stream goes on";
}

function isIgnored({ pings }: Seen): boolean {
  return pings.includes("are you?");
}

function isServed({ heads }: Seen): boolean {
  return isOk(heads.get(1) ?? "");
}

/** `:status: 200`, perhaps behind a change of the table's size. */
function isOk(block: string): boolean {
  const isResized = block.charCodeAt(0) >> 5 === 1;
  return isResized ? block.slice(1, 6).includes("\x88") : block.startsWith("\x88");
}
