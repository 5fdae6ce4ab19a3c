/*
 * One conversation over TCP: two bytes of length before each message, both ways (RFC 1035 section
 * 4.2.2). A conversation that is slow, long, or makes no sense ends.
 */
import type { Socket } from "node:net";

/** Milliseconds of silence, and of everything, until it ends (RFC 7766 section 6.2.3 asks for seconds). */
const SILENCE = 5_000;
const WHOLE = 30_000;
/** Bytes of a question; answer.ts looks into none that is longer. */
const LONGEST = 512;

/** @param answer undefined ends the conversation. */
export function serveStream(
  socket: Socket,
  answer: (packet: Uint8Array) => Buffer | undefined,
): void {
  let waiting = Buffer.alloc(0);
  const end = setTimeout(() => socket.destroy(), WHOLE);
  socket.setTimeout(SILENCE, () => socket.destroy());
  socket.once("close", () => clearTimeout(end));
  // A visitor that resets the connection ends it; there is nobody left to tell.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    waiting = Buffer.concat([waiting, typeof chunk === "string" ? Buffer.from(chunk) : chunk]);
    while (waiting.length >= 2) {
      const length = waiting.readUInt16BE(0);
      if (length > LONGEST) return void socket.destroy();
      if (waiting.length < 2 + length) return;
      const reply = answer(waiting.subarray(2, 2 + length));
      waiting = waiting.subarray(2 + length);
      // Who asks and does not read is not answered any more.
      if (reply === undefined || !socket.write(framed(reply))) return void socket.destroy();
    }
  });
}

function framed(reply: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(reply.length, 0);
  return Buffer.concat([length, reply]);
}
