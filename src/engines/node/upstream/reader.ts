/*
 * A TCP socket to an app that is read into blocks of our own (`onread` of net.connect) instead of as a stream.
 * The dialler opens it, before anybody is there to read; the connection made of it takes over the reading.
 */
import { connect, type Socket, type TcpNetConnectOpts } from "node:net";
import { ReadBlocks } from "./read-blocks.ts";

export class Reader {
  readonly blocks = new ReadBlocks();
  #onData: ((chunk: Buffer) => void) | undefined;
  #early: Buffer | undefined;

  /** Takes what was read; false stops the reading. */
  take(chunk: Buffer): boolean {
    if (this.#onData) {
      this.#onData(chunk);
      return true;
    }
    this.#early = Buffer.from(chunk); // it speaks first: whoever comes will see
    return false;
  }

  /** From now on `onData` gets what comes; a chunk is valid during the call, and parts of it by `blocks.handOn`. */
  readTo(socket: Socket, onData: (chunk: Buffer) => void): void {
    this.#onData = onData;
    const early = this.#early;
    if (!early) return;
    this.#early = undefined;
    process.nextTick(() => {
      if (socket.destroyed) return;
      socket.resume();
      onData(early);
    });
  }
}

const readers = new WeakMap<Socket, Reader>();

/** The reader of a socket that was opened by `connectReading`. */
export function readerOf(socket: Socket): Reader | undefined {
  return readers.get(socket);
}

/** `net.connect` for a socket that is read through its Reader alone: it emits no data. */
export function connectReading(options: TcpNetConnectOpts): Socket {
  const reader = new Reader();
  const onread = {
    buffer: () => reader.blocks.next(),
    callback: (length: number, block: Uint8Array) =>
      reader.take(Buffer.from(block.buffer, block.byteOffset, length)),
  };
  const socket = connect({ ...options, onread });
  readers.set(socket, reader);
  return socket;
}
