/*
 * Carries a request's body from the visitor's stream to the app's socket, at the pace of the slower
 * one. Used by an exchange. Never writes one byte more than was announced: that byte would be the
 * beginning of another visitor's request.
 */
import type { Socket } from "node:net";
import { UpstreamFailureError, type UpstreamBody } from "./upstream.ts";
import { fieldLines } from "./write-request.ts";

export interface SenderEvents {
  /** The whole body is written. */
  onSent(): void;
  /** It cannot be sent whole. */
  onUnsendable(failure: Error): void;
}

export class BodySender {
  readonly #socket: Socket;
  readonly #body: UpstreamBody;
  readonly #events: SenderEvents;
  /** Bytes of the stream may be gone. */
  hasBegun = false;
  #sent = 0;
  #state: "waiting" | "sending" | "over" = "waiting";

  constructor(socket: Socket, body: UpstreamBody, events: SenderEvents) {
    this.#socket = socket;
    this.#body = body;
    this.#events = events;
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Begins to read the stream; harmless when it has begun. */
  start(): void {
    if (this.#state !== "waiting") return;
    this.#state = "sending";
    this.hasBegun = true;
    const { stream } = this.#body;
    if (stream.readableEnded) return this.#onEnd();
    if (stream.destroyed) return this.#onClose();
    stream.on("data", this.#onData).on("end", this.#onEnd);
    stream.on("error", this.#onClose).on("close", this.#onClose);
    stream.resume();
  }

  /** Reads no more of the stream. It is left as it is: ending it is its owner's business. */
  stop(): void {
    if (this.#state === "sending") this.#letGo(true);
    this.#state = "over";
  }

  /** The socket has room again. */
  onDrain(): void {
    if (this.#state === "sending") this.#body.stream.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (chunk.length === 0) return; // a chunk of no bytes would end a chunked body
    this.#sent += chunk.length;
    if (this.#sent > (this.#body.length ?? Infinity)) return this.#fail(lied());
    if (!this.#write(chunk)) this.#body.stream.pause();
  };

  #write(chunk: Buffer): boolean {
    const socket = this.#socket;
    if (this.#body.length !== undefined) return socket.write(chunk);
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    socket.write(chunk);
    const hasRoom = socket.write("\r\n", "latin1");
    socket.uncork();
    return hasRoom;
  }

  readonly #onEnd = (): void => {
    if (this.#sent !== (this.#body.length ?? this.#sent)) return this.#fail(lied());
    try {
      if (this.#body.length === undefined) this.#writeLastChunk();
    } catch (thrown) {
      return this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
    this.#letGo(false);
    this.#state = "over";
    this.#events.onSent();
  };

  #writeLastChunk(): void {
    const trailers = this.#body.trailers?.() ?? [];
    this.#socket.write(`0\r\n${fieldLines(trailers)}\r\n`, "latin1");
  }

  readonly #onClose = (cause?: Error): void => {
    const why = "the visitor left before the request was complete";
    this.#fail(new UpstreamFailureError("aborted", why, cause && { cause }));
  };

  #fail(failure: Error): void {
    if (this.#state === "over") return;
    this.stop();
    this.#events.onUnsendable(failure);
  }

  #letGo(pause: boolean): void {
    const { stream } = this.#body;
    stream.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    if (pause) stream.pause();
    // The listener for errors stays: one that comes later has nobody else to go to.
  }
}

function lied(): UpstreamFailureError {
  return new UpstreamFailureError("aborted", "the request's body is not as long as it says");
}
