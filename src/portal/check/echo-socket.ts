/*
 * The WebSocket of the page that checks a device: says back what short text it hears, and nothing else
 * (RFC 6455). The engine has agreed to it already and hands over the bytes. Strangers may open it, so it
 * takes little, is open for minutes, and only so many are open at once.
 */
import type { Duplex } from "node:stream";

/** Enough for two pages in every room of a house. */
const MOST_OPEN = 64;
/** Milliseconds; the page needs a minute and a half. */
const LONGEST = 4 * 60 * 1000;
/** Bytes of a message; a length below 126 fits the second byte of a frame (section 5.2). */
const LONGEST_MESSAGE = 125;
/** Messages of one connection. */
const MOST_MESSAGES = 16;

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const KNOWN: ReadonlySet<number> = new Set([TEXT, CLOSE, PING, PONG]);

/** Gives the function that takes a WebSocket that was agreed to. */
export function createEcho(): (socket: Duplex) => void {
  let open = 0;
  return (socket) => {
    if (open >= MOST_OPEN) {
      bye(socket, 1013); // try again later: section 7.4.1 and IANA's registry
      return;
    }
    open += 1;
    const timer = setTimeout(() => bye(socket, 1000), LONGEST);
    timer.unref();
    socket.once("close", () => {
      open -= 1;
      clearTimeout(timer);
    });
    socket.on("error", () => undefined); // told by close
    converse(socket);
  };
}

function converse(socket: Duplex): void {
  let heard: Buffer = Buffer.alloc(0);
  let messages = 0;
  socket.on("data", (chunk: Buffer) => {
    if (socket.writableEnded) return;
    heard = Buffer.concat([heard, chunk]);
    for (let frame = frameAt(heard); frame !== undefined; frame = frameAt(heard)) {
      messages += 1;
      if (frame === "refused" || messages > MOST_MESSAGES) return bye(socket, 1008);
      heard = heard.subarray(frame.length);
      if (frame.kind === CLOSE) return bye(socket, 1000);
      if (frame.kind === TEXT) socket.write(frameOf(TEXT, frame.content));
      if (frame.kind === PING) socket.write(frameOf(PONG, frame.content));
    }
  });
  socket.on("end", () => socket.end());
}

interface Frame {
  readonly kind: number;
  readonly content: Buffer;
  /** Bytes it took, its head included. */
  readonly length: number;
}

/** The frame that begins the bytes; undefined while it is not whole; whole messages, masked and short, alone are taken. */
function frameAt(bytes: Buffer): Frame | "refused" | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const size = second & 0x7f;
  const kind = first & 0x0f;
  const isWhole = (first & 0xf0) === 0x80; // FIN, and no extension
  const isMasked = (second & 0x80) !== 0;
  if (!isWhole || !isMasked || !KNOWN.has(kind) || size > LONGEST_MESSAGE) return "refused";
  const length = 6 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(2, 6);
  const content = bytes.subarray(6, length).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return { kind, content: Buffer.from(content), length };
}

function frameOf(kind: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | kind, content.length]), content]);
}

/** Says why, and ends: section 5.5.1. */
function bye(socket: Duplex, code: number): void {
  const why = Buffer.alloc(2);
  why.writeUInt16BE(code);
  socket.end(frameOf(CLOSE, why));
  socket.resume();
}
