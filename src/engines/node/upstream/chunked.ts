/*
 * Takes the chunked coding off a body (RFC 9112 section 7.1), strictly. Fed by the response parser,
 * whatever way the bytes were split; hands on parts of the chunks it was given without copying.
 */
import { garbage, parseFields, refuseTwoMeanings } from "./fields.ts";
import { HeldBytes } from "./held-bytes.ts";

/** Bytes of a chunk-size line, extensions included; nobody uses more than a few. */
const LONGEST_SIZE_LINE = 1024;

/**
 * Thirteen digits stay below 2^53. Extensions are allowed and ignored: `;name`, `;name=token`,
 * `;name="text"`. No spaces: they were only ever used to confuse.
 */
const SIZE_LINE =
  /^([0-9a-f]{1,13})(?:;[!#$%&'*+\-.^_`|~0-9a-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9a-z]+|"[\t !#-[\]-~\x80-\xff]*"))?)*\r$/i;

const CR = 0x0d;
const LF = 0x0a;

export class ChunkedDecoder {
  readonly #onPart: (bytes: Buffer) => void;
  readonly #line: HeldBytes;
  readonly #trailerLimit: number;
  readonly #trailerLine: HeldBytes;
  #expects: "size" | "data" | "cr" | "lf" | "trailers" | "nothing" = "size";
  #left = 0;
  #trailerText = "";
  /** Trailer fields; complete once `isDone`. */
  trailers: readonly string[] = [];

  /** @param trailerLimit bytes of trailer fields allowed. */
  constructor(onPart: (bytes: Buffer) => void, trailerLimit: number) {
    this.#onPart = onPart;
    this.#line = new HeldBytes("\n", LONGEST_SIZE_LINE, "a chunk's first line");
    this.#trailerLimit = trailerLimit;
    this.#trailerLine = new HeldBytes("\n", trailerLimit, "a trailer field");
  }

  get isDone(): boolean {
    return this.#expects === "nothing";
  }

  /** Reads one thing from `chunk` at `at`; gives the offset behind it. Not called once done. @throws UpstreamFailureError (garbage) */
  step(chunk: Buffer, at: number): number {
    switch (this.#expects) {
      case "size":
        return this.#readSize(chunk, at);
      case "data":
        return this.#readData(chunk, at);
      case "cr":
        return this.#readByte(chunk[at] === CR, "lf", at);
      case "lf":
        return this.#readByte(chunk[at] === LF, "size", at);
      case "trailers":
        return this.#readTrailer(chunk, at);
      case "nothing":
        return at;
    }
  }

  #readSize(chunk: Buffer, at: number): number {
    const line = this.#line.upTo(chunk, at);
    if (!line) return chunk.length;
    const size = SIZE_LINE.exec(line.text)?.[1];
    if (size === undefined) throw garbage("a chunk of its answer has no proper size");
    this.#left = Number.parseInt(size, 16);
    this.#expects = this.#left === 0 ? "trailers" : "data";
    return line.next;
  }

  #readData(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left === 0) this.#expects = "cr";
    this.#onPart(chunk.subarray(at, end));
    return end;
  }

  #readByte(isRight: boolean, next: "lf" | "size", at: number): number {
    if (!isRight) throw garbage("a chunk of its answer is not as long as it says");
    this.#expects = next;
    return at + 1;
  }

  #readTrailer(chunk: Buffer, at: number): number {
    const line = this.#trailerLine.upTo(chunk, at);
    if (!line) return chunk.length;
    this.#trailerText += `${line.text}\n`;
    if (this.#trailerText.length > this.#trailerLimit + 2) {
      throw garbage(`its trailer fields are longer than ${this.#trailerLimit} bytes`);
    }
    if (line.text === "\r") this.#endTrailers();
    else if (!line.text.endsWith("\r")) throw garbage("its trailer fields have broken line ends");
    return line.next;
  }

  #endTrailers(): void {
    refuseTwoMeanings(this.#trailerText);
    this.trailers = parseFields(this.#trailerText.slice(0, -4), 0);
    const moves = (name: string): boolean => /^(?:content-length|transfer-encoding)$/i.test(name);
    if (this.trailers.some((name, i) => i % 2 === 0 && moves(name))) {
      throw garbage("its trailer fields speak of where the answer ends"); // RFC 9110 section 6.5.1
    }
    this.#expects = "nothing";
  }
}
