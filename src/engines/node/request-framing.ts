/*
 * Where a request's content ends (RFC 9112 section 6). Pure. Two readers who see the end in two places
 * are how one visitor's request becomes the beginning of another's, so there is one reading or none.
 */
import type { Protocol } from "./exchange.ts";
import { valuesOf } from "./fields.ts";
import type { RawHeaders } from "./upstream/upstream.ts";

export interface Framing {
  /** Bytes, where announced. */
  readonly length: number | undefined;
  readonly isChunked: boolean;
}

/** A text is the reason why there is no single reading. */
export function framingOf(headers: RawHeaders, protocol: Protocol): Framing | string {
  const [length, ...lengths] = valuesOf(headers, "content-length");
  if (lengths.length > 0 || !LENGTH.test(length ?? "0")) return "the request has no single length";
  const [coding, ...codings] = valuesOf(headers, "transfer-encoding");
  if (coding === undefined) {
    return { length: length === undefined ? undefined : Number(length), isChunked: false };
  }
  const isChunked = coding.toLowerCase() === "chunked" && codings.length === 0;
  const isAlone = length === undefined && protocol === "http/1.1";
  if (!isChunked || !isAlone) return "the request is framed in more than one way";
  return { length: undefined, isChunked };
}

/** A number Node can count exactly; a million gigabytes will do. */
const LENGTH = /^\d{1,15}$/;
