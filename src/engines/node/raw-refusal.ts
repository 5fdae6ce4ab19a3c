/*
 * A refusal where there is no request to answer: what came is not HTTP, or not for us. A few lines of
 * plain text, the door's code among them, and the end of the connection.
 */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** For tests of a socket that was refused already: bytes that follow deserve no second answer. */
const refused = new WeakSet<Duplex>();

/**
 * Writes the refusal, ends the socket, and reads what still comes for `linger` milliseconds: a socket that is
 * closed over unread bytes resets, and the refusal may never be seen (RFC 9112 section 9.6).
 */
export function refuseRaw(
  socket: Duplex,
  { status, code }: { status: number; code: string },
  linger: number,
): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  socket.on("error", () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const reason = STATUS_CODES[status] ?? "";
  const body = `${status} ${reason} (${code})\n`;
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), linger);
  socket.on("close", () => clearTimeout(timer));
}
