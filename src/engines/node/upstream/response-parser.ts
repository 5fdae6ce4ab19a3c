/*
 * Reads one answer of an app (RFC 9112 sections 4 to 8): bytes in, events out, no I/O. An exchange
 * makes one for each request and feeds it what the connection brings. However the bytes are split,
 * the events say the same; what is not certain is refused.
 */
import { ChunkedDecoder } from "./chunked.ts";
import { garbage, parseFields, refuseTwoMeanings } from "./fields.ts";
import { type Framing, framingOf } from "./framing.ts";
import { HeldBytes } from "./held-bytes.ts";
import { type RawHeaders, type UpstreamHead, UpstreamFailureError } from "./upstream.ts";

export interface ParserEvents {
  /** An answer in between: 1xx, but not 101. */
  onInformation(head: UpstreamHead): void;
  onHead(head: UpstreamHead, framing: Framing): void;
  /** A part of the content; of the chunk that was pushed, not a copy. */
  onPart(bytes: Buffer): void;
  onEnd(trailers: RawHeaders): void;
  /** A 101 that was asked for: what `push` gives back is no longer HTTP. */
  onSwitched(head: UpstreamHead): void;
}

export interface Asked {
  readonly method: string;
  /** The request asked for another protocol. */
  readonly upgrade: boolean;
  /** Bytes allowed in a head and in trailer fields. */
  readonly maxHeadBytes: number;
}

const NO_TRAILERS: RawHeaders = [];
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: ([^\r\n]*))?$/;
const BEGINNING = "HTTP/1.";
/** White space to RFC 9112 section 5.1; but to llhttp, for one, `chunked` with a tab behind it is another coding. */
const TABBED_FRAMING = /^(?:content-length|transfer-encoding):[^\r]*\t/im;
const TLS_ALERT = 0x15;
/** Bytes of heads in between that one answer may have: without a bound they could fill the door's memory. */
const MOST_INFORMATION = 1024 * 1024;

export class ResponseParser {
  readonly #asked: Asked;
  readonly #events: ParserEvents;
  readonly #head: HeldBytes;
  #reads: "head" | "length" | "chunked" | "close" | "nothing" = "head";
  #chunked: ChunkedDecoder | undefined;
  #left = 0;
  #information = 0;
  #inspected = 0;
  #hasFinalHead = false;

  constructor(asked: Asked, events: ParserEvents) {
    this.#asked = asked;
    this.#events = events;
    this.#head = new HeldBytes("\r\n\r\n", asked.maxHeadBytes, "the head of its answer");
  }

  /**
   * Takes the next bytes; gives those behind the end of the answer, if any.
   * @throws UpstreamFailureError (garbage); what an event handler throws.
   */
  push(chunk: Buffer): Buffer | undefined {
    let at = 0;
    while (at < chunk.length && this.#reads !== "nothing") at = this.#step(chunk, at);
    return at < chunk.length ? chunk.subarray(at) : undefined;
  }

  /** The app has ended its side. @throws UpstreamFailureError (closed) where that is too early. */
  end(): void {
    if (this.#reads === "close") this.#finish(NO_TRAILERS);
    if (this.#reads !== "nothing") throw this.brokenOff();
  }

  /** What it means when the connection is gone now. */
  brokenOff(cause?: Error): UpstreamFailureError {
    return new UpstreamFailureError("closed", this.#whereItBrokeOff(), cause && { cause });
  }

  #whereItBrokeOff(): string {
    if (this.#hasFinalHead) return "it broke off in the middle of its answer";
    return this.#head.held.length > 0
      ? "it closed the connection within the head of its answer"
      : "it closed the connection without an answer";
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#reads) {
      case "head":
        return this.#readHead(chunk, at);
      case "length":
        return this.#readLength(chunk, at);
      case "chunked":
        return this.#readChunked(chunk, at);
      case "close":
        this.#events.onPart(at === 0 ? chunk : chunk.subarray(at));
        return chunk.length;
      case "nothing":
        return at;
    }
  }

  #readHead(chunk: Buffer, at: number): number {
    const found = this.#head.upTo(chunk, at);
    if (!found) {
      this.#inspectBeginning();
      return chunk.length;
    }
    this.#inspected = 0;
    this.#takeHead(found.text);
    return found.next;
  }

  #takeHead(text: string): void {
    const { head, minor } = parseHead(text);
    const { status, headers } = head;
    if (status < 200 && minor === 0) throw garbage("HTTP/1.0 has no answers in between");
    if (status === 101) return this.#switch(head);
    const framing = framingOf({ status, minor, headers, toHead: this.#asked.method === "HEAD" });
    if (status < 200) {
      if (!framing.persistent) throw garbage("it closes the connection before its answer");
      return this.#inform(head, text.length);
    }
    this.#hasFinalHead = true;
    this.#events.onHead(head, framing);
    if (framing.ends === "none") return this.#finish(NO_TRAILERS);
    this.#reads = framing.ends;
    this.#left = framing.length ?? 0;
    if (framing.ends === "chunked") {
      const onPart = (bytes: Buffer): void => this.#events.onPart(bytes);
      this.#chunked = new ChunkedDecoder(onPart, this.#asked.maxHeadBytes);
    }
  }

  #inform(head: UpstreamHead, bytes: number): void {
    this.#information += bytes;
    if (this.#information > MOST_INFORMATION) {
      throw garbage("it sends answers in between without an end");
    }
    this.#events.onInformation(head);
  }

  /** RFC 9110 section 15.2.2: only to a protocol the request named, and named in the answer. */
  #switch(head: UpstreamHead): void {
    if (!this.#asked.upgrade) throw garbage("it switched protocols without being asked");
    const names = head.headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === "upgrade");
    if (!names) throw garbage("it switched protocols without saying to which");
    this.#hasFinalHead = true;
    this.#reads = "nothing";
    this.#events.onSwitched(head);
  }

  #readLength(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    this.#events.onPart(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    if (this.#left === 0) this.#finish(NO_TRAILERS);
    return end;
  }

  #readChunked(chunk: Buffer, at: number): number {
    const decoder = this.#chunked;
    if (!decoder) return chunk.length;
    const next = decoder.step(chunk, at);
    if (decoder.isDone) this.#finish(decoder.trailers);
    return next;
  }

  #finish(trailers: RawHeaders): void {
    this.#reads = "nothing";
    this.#events.onEnd(trailers);
  }

  /** A head that is not whole yet: one that can only become garbage is refused now, not waited for. */
  #inspectBeginning(): void {
    const { held } = this.#head;
    if (held[0] === TLS_ALERT) {
      throw garbage("it answers in TLS: write https:// before this app's address");
    }
    if (!BEGINNING.startsWith(held.toString("latin1", 0, BEGINNING.length))) throw notHttp();
    for (let lf = held.indexOf("\n", this.#inspected); lf > -1; lf = held.indexOf("\n", lf + 1)) {
      if (held[lf - 1] !== 0x0d) refuseTwoMeanings("\n");
    }
    this.#inspected = held.length;
  }
}

function parseHead(text: string): { head: UpstreamHead; minor: number } {
  const found = text.indexOf("\r\n");
  const lineEnd = found === -1 ? text.length : found;
  const line = STATUS_LINE.exec(text.slice(0, lineEnd));
  if (!line) throw notHttp();
  refuseTwoMeanings(text);
  if (text.includes("\t") && TABBED_FRAMING.test(text)) {
    throw garbage("its answer has a tab where it says how it ends");
  }
  const [, minor, status, statusText = ""] = line;
  const headers = parseFields(text, lineEnd + 2);
  return { head: { status: Number(status), statusText, headers }, minor: Number(minor) };
}

function notHttp(): UpstreamFailureError {
  return garbage("its answer is no HTTP/1.1 answer");
}
