/*
 * One connection to an app: a socket whose listeners are attached once and speak to whoever uses it
 * at the moment (an exchange). While nobody does, anything the app sends or ends makes it useless.
 */
import type { Socket } from "node:net";
import { type Reader, readerOf } from "./reader.ts";

export interface ConnectionUser {
  /** The chunk is its user's until this returns; parts of it are kept by `handOn`. */
  onData(chunk: Buffer): void;
  /** The app ended its side in good order; nothing more will come. */
  onFin(): void;
  /** What was written has left; there is room again. */
  onDrain(): void;
  /** The connection is closed; the cause where it was an error. Said once, as the last thing. */
  onGone(cause: Error | undefined): void;
}

/** Milliseconds to read what an app left that takes nothing any more. */
const LAST_WORDS = 50;

export class Connection {
  readonly socket: Socket;
  /** Which app's: the pool's key. */
  readonly key: string;
  /** Until when it may be used again, in milliseconds since the epoch, and since when it rests. */
  restsUntil = 0;
  restsSince = 0;
  readonly #reader: Reader | undefined;
  #user: ConnectionUser | undefined;
  #isPaused = false;
  #endsWithFailedWrite = true;
  #error: Error | undefined;
  #onClosed: ((connection: Connection) => void) | undefined;

  /** @param onClosed told when it is gone while nobody uses it. */
  constructor(socket: Socket, key: string, onClosed: (connection: Connection) => void) {
    this.socket = socket;
    this.key = key;
    this.#onClosed = onClosed;
    this.#reader = readerOf(socket);
    if (this.#reader) this.#reader.readTo(socket, this.#onData);
    else socket.on("data", this.#onData);
    socket.on("end", this.#onEnd).on("drain", this.#onDrain);
    // Never taken off: a socket that was handed over must not bring the door down before its new owner listens.
    socket.on("error", (error) => this.#failed(error));
    socket.on("close", () => this.#closed());
  }

  /** May carry a request: neither side has ended it, as far as can be known. */
  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.readable && this.socket.writable;
  }

  use(user: ConnectionUser): void {
    this.#user = user;
  }

  /** Nobody uses it any more; it reads on, to notice when the app ends it. */
  rest(): void {
    this.#user = undefined;
    this.#endWithFailedWrite(true);
    this.resume();
  }

  /** Of a part of the chunk at hand, what may be kept beyond `onData`. */
  handOn(part: Buffer): Buffer {
    return this.#reader ? this.#reader.blocks.handOn(part) : part;
  }

  /** Nobody holds what `handOn` gave any more: its memory may be read into again. */
  passedOn(part: Buffer): void {
    this.#reader?.blocks.passedOn(part);
  }

  pause(): void {
    this.#isPaused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.socket.resume();
  }

  drop(): void {
    this.socket.destroy();
  }

  /**
   * From now on a write that fails does not at once throw away what can still be read: an app that
   * refuses a large body and closes has often left its answer behind the reset (RFC 9112 section 9.6).
   */
  readAfterFailedWrite(): void {
    this.#endWithFailedWrite(false);
  }

  /** Lets go of the socket: a plain Duplex from here on, `ahead` being the first bytes it yields. */
  handOver(ahead: Buffer | undefined): Socket {
    const { socket } = this;
    this.#user = undefined;
    this.#onClosed = undefined;
    this.#endWithFailedWrite(true);
    socket.off("data", this.#onData).off("end", this.#onEnd).off("drain", this.#onDrain);
    // As if nobody had ever read from it: what comes now waits for the new owner's first listener or pipe.
    socket.pause();
    Reflect.set(socket, "readableFlowing", null);
    if (ahead) socket.unshift(ahead);
    return socket;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#user) this.#user.onData(chunk);
    else this.drop();
  };

  readonly #onEnd = (): void => {
    // Behind an error the end is no sign that all has come. (A reset that comes together with the last
    // bytes may be shown as a mere end: libuv, uv__stream_io, POLLHUP. That cannot be seen from here.)
    if (this.#user && !this.#error) this.#user.onFin();
    else this.drop();
  };

  readonly #onDrain = (): void => this.#user?.onDrain();

  #failed(error: Error): void {
    this.#error ??= error;
    if (this.socket.destroyed) return;
    this.#set("_readableState", "errored", null); // else the stream takes nothing any more
    setTimeout(() => this.drop(), LAST_WORDS);
  }

  #endWithFailedWrite(ends: boolean): void {
    if (this.#endsWithFailedWrite === ends) return;
    this.#endsWithFailedWrite = ends;
    this.#set("_readableState", "autoDestroy", ends);
    this.#set("_writableState", "autoDestroy", ends);
  }

  /** Streams offer these at construction only, and net.Socket does not hand them on. */
  #set(side: "_readableState" | "_writableState", name: string, value: unknown): void {
    const state: unknown = Reflect.get(this.socket, side);
    if (typeof state === "object" && state !== null) Reflect.set(state, name, value);
  }

  #closed(): void {
    const user = this.#user;
    this.#user = undefined;
    if (user) user.onGone(this.#error);
    else this.#onClosed?.(this);
  }
}
