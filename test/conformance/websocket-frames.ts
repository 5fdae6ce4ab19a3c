/*
 * Frames of RFC 6455 section 5.2 as bytes (latin1), right ones and wrong ones.
 */

/** A frame as a server writes it. @param first the first byte: FIN, reserved bits and opcode. */
export function frame(first: number, payload: string, length = lengthOf(payload.length)): string {
  return `${String.fromCharCode(first)}${length}${payload}`;
}

/** The same as a client writes it: with a masking key (section 5.3). */
export function masked(bytes: string, key = "\x12\x34\x56\x78"): string {
  const size = headSize(bytes);
  const second = String.fromCharCode(bytes.charCodeAt(1) | 0x80);
  const head = `${bytes.slice(0, 1)}${second}${bytes.slice(2, size)}`;
  const payload = Buffer.from(bytes.slice(size), "latin1");
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ key.charCodeAt(i % 4);
  return head + key + payload.toString("latin1");
}

function headSize(bytes: string): number {
  const short = bytes.charCodeAt(1) & 0x7f;
  if (short < 126) return 2;
  return short === 126 ? 4 : 10;
}

function lengthOf(length: number): string {
  if (length < 126) return String.fromCharCode(length);
  return length < 65_536 ? `\x7e${length16(length)}` : `\x7f${length64(length)}`;
}

function length16(length: number): string {
  return String.fromCharCode(length >> 8, length & 0xff);
}

function length64(length: number): string {
  return `\0\0\0\0${length16(Math.floor(length / 65_536))}${length16(length % 65_536)}`;
}

const half = (text: string): string => masked(frame(0x01, text));
const more = (text: string): string => masked(frame(0x00, text));
const last = (text: string): string => masked(frame(0x80, text));

export const PAYLOADS: readonly (readonly [says: string, bytes: string])[] = [
  ["5.2: a text", masked(frame(0x81, "hello"))],
  [
    "5.2: bytes of every value",
    masked(frame(0x82, Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("latin1"))),
  ],
  ["5.2: an empty message", masked(frame(0x81, ""))],
  ["5.2: 125 bytes, the most of a short length", masked(frame(0x82, "a".repeat(125)))],
  ["5.2: 126 bytes, with a length of 16 bits", masked(frame(0x82, "a".repeat(126)))],
  ["5.2: 65,535 bytes", masked(frame(0x82, "a".repeat(65_535)))],
  ["5.2: 65,536 bytes, with a length of 64 bits", masked(frame(0x82, "a".repeat(65_536)))],
  ["5.2: a length written longer than needed", masked(frame(0x82, "hello", `\x7f${length64(5)}`))],
  [
    "5.2: a length with its highest bit set, which no frame may have",
    "\x82\xff\x80\0\0\0\0\0\0\x05\0\0\0\0hello",
  ],
  ["5.2: reserved bits nobody agreed on", masked(frame(0xf1, "hello"))],
  [
    "5.2: opcodes nobody has defined",
    [0x83, 0x87, 0x8b, 0x8f].map((first) => masked(frame(first, "hello"))).join(""),
  ],
  ["5.3: a frame without a mask from a visitor", frame(0x81, "hello")],
  ["5.3: a mask of zeros", masked(frame(0x81, "hello"), "\0\0\0\0")],
  ["5.4: a message in fragments", half("he") + more("l") + last("lo")],
  [
    "5.4: control frames between fragments",
    half("he") + masked(frame(0x89, "ping")) + more("l") + masked(frame(0x8a, "pong")) + last("lo"),
  ],
  ["5.4: the end of a message that never began", last("lo")],
  [
    "5.4: a message within another's fragments",
    half("he") + masked(frame(0x81, "hello")) + last("lo"),
  ],
  ["5.5: a control frame of more than 125 bytes", masked(frame(0x89, "a".repeat(126)))],
  ["5.5: a control frame in fragments", masked(frame(0x09, "pi")) + last("ng")],
  ["5.5.1: a close of one byte", masked(frame(0x88, "\x03"))],
  [
    "5.5.1: messages behind a close",
    masked(frame(0x88, "\x03\xe8bye")) + masked(frame(0x81, "still here")),
  ],
  [
    "5.5.2: pings and pongs nobody asked for",
    masked(frame(0x89, "")) + masked(frame(0x8a, "hello")),
  ],
  ["5.6: a text that is no UTF-8", masked(frame(0x81, "\xc3\x28\xff"))],
  ["8.1: bytes that are no frame at all", "GET /admin HTTP/1.1\r\nHost: wiki.local\r\n\r\n"],
];
