/*
 * Saying bytes to the door and hearing it out: until it ends the connection, or has been silent for a while.
 */
import type { Socket } from "node:net";

export interface Heard {
  readonly text: string;
  /** Whether the door ended the connection (else it was silent). */
  readonly isOver: boolean;
}

/** @param silence milliseconds without a byte after which a case has said all it will. */
export function converse(
  socket: Socket,
  pieces: readonly string[],
  {
    silence = 120,
    isDone = () => false,
  }: { silence?: number; isDone?: (text: string) => boolean } = {},
): Promise<Heard> {
  return new Promise((resolve) => {
    let text = "";
    const finish = (isOver: boolean): void => {
      clearTimeout(timer);
      resolve({ text, isOver });
      socket.destroy();
    };
    let timer = setTimeout(() => finish(false), silence + 200);
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), isDone(text) ? 0 : silence);
    });
    socket.on("error", () => undefined); // told by close
    socket.on("close", () => finish(true));
    void sayAll(socket, pieces);
  });
}

/** One packet per piece. */
async function sayAll(socket: Socket, pieces: readonly string[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(piece, "latin1");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
