/*
 * HTTP/2 by hand (RFC 9113, RFC 7541): frames as an attacker writes them, which no honest client
 * would send, and as much reading as it takes to see how the door took them. Bytes are latin1 text.
 */
import type { OpenDoor } from "../support/genkan.ts";
import type { Talk } from "../support/door.ts";
import { talkSecurely } from "./talk.ts";

export const DATA = 0x0;
export const HEADERS = 0x1;
export const RST_STREAM = 0x3;
export const SETTINGS = 0x4;
export const PING = 0x6;
export const GOAWAY = 0x7;
export const WINDOW_UPDATE = 0x8;
export const CONTINUATION = 0x9;

export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;

/** Codes of RFC 9113 section 7. */
export const ENHANCE_YOUR_CALM = 0xb;
export const CANCEL = 0x8;

/** A connection on which HTTP/2 was agreed on, the preface and empty settings sent. */
export async function talkHttp2(door: OpenDoor, name = "wiki.local"): Promise<Talk> {
  const talk = await talkSecurely(door, name, { ALPNProtocols: ["h2"] });
  talk.say(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame([SETTINGS, 0], 0)}`);
  return talk;
}

export function frame(
  [type, flags]: readonly [type: number, flags: number],
  stream: number,
  payload = "",
): string {
  return `${number24(payload.length)}${String.fromCharCode(type, flags)}${number32(stream)}${payload}`;
}

export type Field = readonly [name: string, value: string];

/** A field section of literals, nothing indexed, nothing in Huffman's code (RFC 7541 section 6.2.2). */
export function section(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `\0${literal(name)}${literal(value)}`).join("");
}

/** One that also enters the table of the door's decoder (RFC 7541 section 6.2.1). */
export function indexed([name, value]: Field): string {
  return `\x40${literal(name)}${literal(value)}`;
}

/** The entry that was made last (RFC 7541 sections 2.3.3 and 6.1). */
export const LATEST = "\xbe";

function literal(text: string): string {
  if (text.length < 127) return String.fromCharCode(text.length) + text;
  let more = text.length - 127;
  let length = "\x7f";
  for (; more >= 128; more = Math.floor(more / 128))
    length += String.fromCharCode((more % 128) + 128);
  return length + String.fromCharCode(more) + text;
}

export function number32(value: number): string {
  return String.fromCharCode((value >>> 24) & 0xff) + number24(value);
}

function number24(value: number): string {
  return String.fromCharCode((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
}

/** How the door took stream 1, or the connection. */
export interface Outcome {
  /** Of the first answer on the connection; its later ones may be packed in ways not read here. */
  readonly status?: number | undefined;
  /** Code of its RST_STREAM. */
  readonly reset?: number;
  /** Code of its GOAWAY, where it is an accusation. */
  readonly goaway?: number;
  /** Content of the answer. */
  readonly data: string;
}

/** Reads what was heard. */
export function outcomeOf(heard: string): Outcome {
  const outcome: { -readonly [K in keyof Outcome]: Outcome[K] } = { data: "" };
  const frames = [...framesIn(heard)];
  for (const { type, payload } of frames.filter(({ stream }) => stream === 1)) {
    if (type === HEADERS) outcome.status ??= statusOf(payload);
    if (type === DATA) outcome.data += payload;
    if (type === RST_STREAM) outcome.reset = numberAt(payload, 0, 4);
  }
  const accusations = frames
    .filter(({ type }) => type === GOAWAY)
    .map(({ payload }) => numberAt(payload, 4, 4))
    .filter((code) => code !== 0);
  return { ...outcome, ...(accusations[0] === undefined ? {} : { goaway: accusations[0] }) };
}

/** The frames there are, whole ones and a last broken one. */
export function* framesIn(heard: string) {
  for (let at = 0; at + 9 <= heard.length;) {
    const length = numberAt(heard, at, 3);
    const payload = heard.slice(at + 9, at + 9 + length);
    const flags = numberAt(heard, at + 4, 1);
    yield { type: numberAt(heard, at + 3, 1), flags, stream: numberAt(heard, at + 5, 4), payload };
    at += 9 + length;
  }
}

/** Big-endian. */
export function numberAt(text: string, at: number, bytes: number): number {
  let value = 0;
  for (let i = at; i < at + bytes; i++) value = value * 256 + text.charCodeAt(i);
  return value;
}

/** RFC 7541 appendix A: entries 8 to 14 are these. */
const STATUSES = [200, 204, 206, 304, 400, 404, 500];
/** RFC 7541 appendix B, the digits: 0 to 2 have five bits, the others six. */
const DIGITS = [
  "00000",
  "00001",
  "00010",
  ...[25, 26, 27, 28, 29, 30, 31].map((code) => code.toString(2).padStart(6, "0")),
];

/** `:status` comes first in an answer. */
function statusOf(block: string): number | undefined {
  const first = block.charCodeAt(0);
  if (first >= 0x88 && first <= 0x8e) return STATUSES[first - 0x88];
  const length = block.charCodeAt(1);
  const value = block.slice(2, 2 + (length & 0x7f));
  return Number(length & 0x80 ? fromHuffman(value) : value);
}

function fromHuffman(packed: string): string {
  let bits = Array.from(packed, (char) => char.charCodeAt(0).toString(2).padStart(8, "0")).join("");
  let text = "";
  for (;;) {
    const digit = DIGITS.findIndex((code) => bits.startsWith(code));
    if (digit === -1) return text;
    text += String(digit);
    bits = bits.slice(DIGITS[digit]?.length);
  }
}
