/*
 * The content of an answer as a stream. An exchange fills it with what its parser hands on; a reader
 * who falls behind makes the exchange pause the connection, one who goes away makes it drop it.
 */
import { Readable } from "node:stream";

/** Bytes held for a reader who falls behind; one more read of the socket (64 KiB) may come on top. */
const HIGH_WATER_MARK = 64 * 1024;

export interface BodySource {
  /** The reader has room. */
  onRoom(): void;
  /** This part is where it should go, and held by nobody here. */
  onPassedOn(part: Buffer): void;
  /** Nobody will read what has not come yet. */
  onUnread(): void;
}

export class ResponseBody extends Readable {
  readonly #source: BodySource;
  /** All of it has come. */
  isComplete = false;

  constructor(source: BodySource) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#source = source;
    // The failure is told to whoever reads (`pipeline`, `finished`); with no reader yet it must not end the process.
    this.on("error", () => undefined);
  }

  /** Nothing comes after what was pushed. */
  complete(): void {
    this.isComplete = true;
    this.push(null);
  }

  /** Said by the reader of a chunk it needs no more: its bytes may change from now on. */
  passedOn(chunk: Buffer): void {
    this.#source.onPassedOn(chunk);
  }

  override _read(): void {
    this.#source.onRoom();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#source.onUnread();
    done(error);
  }
}
