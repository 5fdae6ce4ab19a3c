/*
 * The words between the door's exchange and its client towards apps. The client speaks HTTP/1.1
 * over TCP or TLS, is made for relaying, and is strict: what it cannot read with certainty it
 * refuses. `client.ts` implements this.
 */
import type { Duplex, Readable } from "node:stream";
import type { Upstream } from "../../../model/target.ts";

/** Header fields as on the wire: name, value, name, value, ... order, case and duplicates kept. */
export type RawHeaders = readonly string[];

export interface UpstreamRequest {
  readonly method: string;
  /** Origin-form (`/path?query`) or `*`; RFC 9112 section 3.2. */
  readonly target: string;
  /** Complete but for framing: no Connection, Content-Length, Transfer-Encoding, Trailer, Expect. */
  readonly headers: RawHeaders;
  /** Undefined where the request has no content at all (no framing field is sent then). */
  readonly body: UpstreamBody | undefined;
}

export interface UpstreamBody {
  readonly stream: Readable;
  /** Bytes, when the visitor announced them (sent as Content-Length); else the body goes out chunked. */
  readonly length: number | undefined;
  /** Trailer fields, asked for after the stream ended. */
  readonly trailers: (() => RawHeaders) | undefined;
  /**
   * The visitor sent `Expect: 100-continue` (RFC 9110 section 10.1.1): the head goes out with it, and the
   * stream is not read before the app said 100 or gave a final answer below 400, or one second passed.
   */
  readonly expectContinue: boolean;
}

export interface UpstreamHead {
  readonly status: number;
  /** Reason phrase as sent; may be empty. */
  readonly statusText: string;
  readonly headers: RawHeaders;
}

/**
 * Content as a stream; `isComplete` once the last of it has come and can be read without waiting. A reader that
 * is done with a chunk may say so by `passedOn`: its memory serves again then, so nobody may look at it any more.
 */
type Content = Readable & {
  readonly isComplete?: boolean;
  passedOn?(chunk: Buffer): void;
};

export interface UpstreamResponse extends UpstreamHead {
  /** The content, transfer coding taken off. Ends early with an error where the app broke off. Empty for HEAD, 204, 304. */
  readonly body: Content;
  /** Bytes announced by Content-Length; undefined where none were. For HEAD and 304 what the header says. */
  readonly length: number | undefined;
  /** Trailer fields; complete once the body ended. */
  readonly trailers: () => RawHeaders;
}

export type LeaveListener = (() => void) | { handleEvent(): void };

/** Says when nobody waits any more. An AbortSignal is one. */
export interface LeaveSignal {
  readonly aborted: boolean;
  /** Called once at most; not at all where it has happened already. */
  addEventListener(type: "abort", listener: LeaveListener, options?: { once: boolean }): void;
  removeEventListener(type: "abort", listener: LeaveListener): void;
}

export interface RequestOptions {
  /** The visitor left: the connection to the app is dropped. */
  readonly signal: LeaveSignal;
  /** Called for every 1xx answer but 101, in order (103 Early Hints, 100 Continue). */
  readonly onInformation: (head: UpstreamHead) => void;
}

/** What an app answered to a request for another protocol (WebSocket). */
export type Switched =
  | {
      readonly kind: "switched";
      /** The 101 answer. */
      readonly head: UpstreamHead;
      /** Bytes in both directions from here on; what arrived behind the head is still in it. */
      readonly socket: Duplex;
    }
  | { readonly kind: "refused"; readonly response: UpstreamResponse };

export interface UpstreamClient {
  /**
   * Sends a request and resolves at the final answer's head.
   * A request whose method is idempotent (RFC 9110 section 9.2.2) and whose body was not begun is sent once
   * more on a new connection when a kept-alive one turned out to be gone before any byte of an answer.
   * @throws UpstreamFailureError; UnsendableRequestError, before anything was sent
   */
  request(
    to: Upstream,
    request: UpstreamRequest,
    options: RequestOptions,
  ): Promise<UpstreamResponse>;
  /** Sends a request with `Connection: Upgrade`; `headers` hold the Upgrade field, never pooled, never retried. @throws UpstreamFailureError */
  upgrade(to: Upstream, request: UpstreamRequest, options: RequestOptions): Promise<Switched>;
  /** Ends idle connections to apps that are no longer in the plan. */
  keepOnly(upstreams: readonly Upstream[]): void;
  /** Ends every connection. */
  stop(): Promise<void>;
}

/** Why an app could not be reached or understood. */
export type FailureKind =
  /** No connection: refused, no route, name not found, timed out. */
  | "unreachable"
  /** TLS to the app failed, or its certificate is not trusted. */
  | "tls"
  /** It closed before or within the head of its answer. */
  | "closed"
  /** What it sent is no HTTP/1.1 answer, or one with two meanings. */
  | "garbage"
  /** No head within the time allowed. */
  | "silent"
  /** The visitor left first. */
  | "aborted";

export class UpstreamFailureError extends Error {
  override readonly name = "UpstreamFailureError";
  readonly kind: FailureKind;

  /** @param why half a sentence for a page: "connection refused on 127.0.0.1:3000 and [::1]:3000". */
  constructor(kind: FailureKind, why: string, options?: ErrorOptions) {
    super(why, options);
    this.kind = kind;
  }
}

/** The request itself cannot be written as one HTTP/1.1 request without a second meaning: the visitor's fault, or ours. */
export class UnsendableRequestError extends Error {
  override readonly name = "UnsendableRequestError";

  /** @param part "method", "target", "field name", "value of Cookie", "length" */
  constructor(part: string) {
    super(`the ${part} of this request cannot be sent to an app`);
  }
}
