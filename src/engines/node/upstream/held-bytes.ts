/*
 * Bytes kept until a mark (the end of a head, of a line) has arrived. Used by the response parser
 * and the chunked decoder. A mark that is in the chunk at hand costs no copy; a sender who dribbles
 * single bytes costs no more than those bytes; nobody makes it hold more than its limit.
 */
import { garbage } from "./fields.ts";

/** Text before the mark, and where in the chunk the bytes behind the mark begin. */
export interface Found {
  readonly text: string;
  readonly next: number;
}

export class HeldBytes {
  readonly #mark: Buffer;
  readonly #limit: number;
  readonly #what: string;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  /** @param limit bytes allowed before the mark. @param what names it for the refusal: "the head of its answer". */
  constructor(mark: string, limit: number, what: string) {
    this.#mark = Buffer.from(mark, "latin1");
    this.#limit = limit;
    this.#what = what;
  }

  /** What is held: bytes that came without the mark. Valid until the next call of `upTo`. */
  get held(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Looks for the mark in what is held and the chunk from `at`. Not found: all of it is held.
   * @throws UpstreamFailureError (garbage) above the limit.
   */
  upTo(chunk: Buffer, at: number): Found | undefined {
    if (this.#length > 0) return this.#across(chunk, at);
    const end = chunk.indexOf(this.#mark, at);
    if (end === -1) return this.#hold(chunk, at);
    if (end - at > this.#limit) throw this.#tooLong();
    return { text: chunk.toString("latin1", at, end), next: end + this.#mark.length };
  }

  #across(chunk: Buffer, at: number): Found | undefined {
    const before = this.#length;
    this.#append(chunk, at);
    const end = this.held.indexOf(this.#mark, Math.max(0, before - this.#mark.length + 1));
    if (end === -1) return this.#refuseTooMuch();
    if (end > this.#limit) throw this.#tooLong();
    this.#length = 0;
    const text = this.#bytes.toString("latin1", 0, end);
    return { text, next: at + end + this.#mark.length - before };
  }

  #hold(chunk: Buffer, at: number): undefined {
    this.#append(chunk, at);
    return this.#refuseTooMuch();
  }

  #append(chunk: Buffer, at: number): void {
    const needed = this.#length + chunk.length - at;
    if (needed > this.#bytes.length) {
      const wider = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(wider, 0, 0, this.#length);
      this.#bytes = wider;
    }
    chunk.copy(this.#bytes, this.#length, at);
    this.#length = needed;
  }

  #refuseTooMuch(): undefined {
    // All of the mark but its last byte may already be there.
    if (this.#length > this.#limit + this.#mark.length - 1) throw this.#tooLong();
    return undefined;
  }

  #tooLong(): Error {
    return garbage(`${this.#what} is longer than ${this.#limit} bytes`);
  }
}
