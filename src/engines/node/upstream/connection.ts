/*
 * One connection to an app: a socket whose listeners are attached once and speak to whoever uses it
 * at the moment (an exchange). While nobody does, anything the app sends or ends makes it useless.
 */
import type { Socket } from "node:net";

export interface ConnectionUser {
  onData(chunk: Buffer): void;
  /** The app ended its side in good order; nothing more will come. */
  onFin(): void;
  /** What was written has left; there is room again. */
  onDrain(): void;
  /** The connection is closed; the cause where it was an error. Said once, as the last thing. */
  onGone(cause: Error | undefined): void;
}

export class Connection {
  readonly socket: Socket;
  /** Which app's: the pool's key. */
  readonly key: string;
  /** It has carried an exchange before. */
  isKept = false;
  /** Until when it may be used again, in milliseconds since the epoch, and since when it rests. */
  restsUntil = 0;
  restsSince = 0;
  #user: ConnectionUser | undefined;
  #isPaused = false;
  #error: Error | undefined;
  #onClosed: ((connection: Connection) => void) | undefined;

  /** @param onClosed told when it is gone while nobody uses it. */
  constructor(socket: Socket, key: string, onClosed: (connection: Connection) => void) {
    this.socket = socket;
    this.key = key;
    this.#onClosed = onClosed;
    socket.on("data", (chunk: Buffer) => (this.#user ? this.#user.onData(chunk) : this.drop()));
    socket.on("end", () => (this.#user ? this.#user.onFin() : this.drop()));
    socket.on("drain", () => this.#user?.onDrain());
    // Never taken off: a socket that was handed over must not bring the door down before its new owner listens.
    socket.on("error", (error) => (this.#error = error));
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
    this.isKept = true;
    this.resume();
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

  /** Lets go of the socket: a plain Duplex from here on, `ahead` being the first bytes it yields. */
  handOver(ahead: Buffer | undefined): Socket {
    const { socket } = this;
    this.#user = undefined;
    this.#onClosed = undefined;
    socket.removeAllListeners("data").removeAllListeners("end").removeAllListeners("drain");
    // As if nobody had ever read from it: what comes now waits for the new owner's first listener or pipe.
    socket.pause();
    Reflect.set(socket, "readableFlowing", null);
    if (ahead) socket.unshift(ahead);
    return socket;
  }

  #closed(): void {
    const user = this.#user;
    this.#user = undefined;
    if (user) user.onGone(this.#error);
    else this.#onClosed?.(this);
  }
}
