/*
 * Where an answer ends and whether its connection may serve again: the decisions of RFC 9112
 * sections 6.3 and 9.3, pure. Called by the response parser. An answer whose end two readers could
 * see in two places is refused, even where the RFC lets a client guess.
 */
import { garbage } from "./fields.ts";
import type { RawHeaders } from "./upstream.ts";

export interface Framing {
  /** How the content ends: there is none, after `length` bytes, with the last chunk, with the connection. */
  readonly ends: "none" | "length" | "chunked" | "close";
  /** What Content-Length says, where it was sent. */
  readonly length: number | undefined;
  /** The connection may carry another request afterwards. */
  readonly persistent: boolean;
  /** Milliseconds the app says it keeps an idle connection (`Keep-Alive: timeout=5`), if it says so. */
  readonly keepsMs: number | undefined;
}

export interface FramedBy {
  readonly status: number;
  /** Minor version of HTTP/1. */
  readonly minor: number;
  readonly headers: RawHeaders;
  /** The request was HEAD. */
  readonly toHead: boolean;
}

/** @throws UpstreamFailureError (garbage) where the fields contradict each other or are malformed. */
export function framingOf(answer: FramedBy): Framing {
  const { lengths, codings, connection, keepAlive } = framingFields(answer.headers);
  const length = lengthOf(lengths);
  const isChunked = codingOf(codings, answer.minor);
  if (isChunked && length !== undefined) {
    throw garbage("its answer has both Content-Length and Transfer-Encoding");
  }
  const ends = hasNoContent(answer) ? "none" : endOf(isChunked, length);
  const options = connection
    .toLowerCase()
    .split(",")
    .map((option) => option.trim());
  const wants = answer.minor === 1 ? !options.includes("close") : options.includes("keep-alive");
  return { ends, length, persistent: wants && ends !== "close", keepsMs: keepsOf(keepAlive) };
}

function endOf(isChunked: boolean, length: number | undefined): Framing["ends"] {
  if (isChunked) return "chunked";
  if (length === undefined) return "close";
  return length === 0 ? "none" : "length";
}

/** RFC 9112 section 6.3, rule 1: whatever the fields say. */
function hasNoContent({ status, toHead }: FramedBy): boolean {
  return toHead || status < 200 || status === 204 || status === 304;
}

interface FramingFields {
  readonly lengths: string[];
  readonly codings: string[];
  connection: string;
  keepAlive: string;
}

function framingFields(headers: RawHeaders): FramingFields {
  const fields: FramingFields = { lengths: [], codings: [], connection: "", keepAlive: "" };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    // Few names have these lengths; the others need not be folded to lower case.
    if (name.length === 10 || name.length === 14 || name.length === 17) {
      note(fields, name.toLowerCase(), headers[i + 1] ?? "");
    }
  }
  return fields;
}

function note(fields: FramingFields, name: string, value: string): void {
  if (name === "content-length") fields.lengths.push(value);
  if (name === "transfer-encoding") fields.codings.push(value);
  if (name === "connection") fields.connection += `,${value}`;
  if (name === "keep-alive") fields.keepAlive = value;
}

/** Fifteen digits stay below 2^53. Repeated fields are refused even when they agree: RFC 9110 section 8.6 allows it. */
function lengthOf(lengths: readonly string[]): number | undefined {
  const [length] = lengths;
  if (length === undefined) return undefined;
  if (lengths.length > 1) throw garbage("its answer has more than one Content-Length");
  if (!/^\d{1,15}$/.test(length)) throw garbage("the Content-Length of its answer is not a number");
  return Number(length);
}

/** RFC 9112 section 6.1: unknown codings have no end we could see, and HTTP/1.0 knows none. */
function codingOf(codings: readonly string[], minor: number): boolean {
  const [coding] = codings;
  if (coding === undefined) return false;
  if (codings.length > 1 || coding.toLowerCase() !== "chunked" || minor === 0) {
    throw garbage("its answer has a Transfer-Encoding other than chunked");
  }
  return true;
}

function keepsOf(keepAlive: string): number | undefined {
  const seconds = /(?:^|[,;\s])timeout=(\d{1,6})\b/i.exec(keepAlive)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
