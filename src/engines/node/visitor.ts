/*
 * The visitor's side of one exchange, whatever the protocol. The steps speak to it; http1-visitor.ts
 * and http2-visitor.ts implement it. An answer is begun once, and ends whole or visibly broken.
 */
import type { Duplex, Writable } from "node:stream";
import type { LeaveSignal, RawHeaders, UpstreamHead } from "./upstream/upstream.ts";

/** A whole answer of the door's own. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the connection behind it: what the visitor sent cannot be trusted to end where it seems to. */
  readonly close: boolean;
}

/** The head of an app's answer, and what the door adds to it. */
export interface AnswerHead extends UpstreamHead {
  /** Fields of the door's own, which no app could set. */
  readonly ours?: RawHeaders;
}

export interface Visitor {
  /** Aborted when no answer of an app is wanted any more: the visitor left, or has the door's own. */
  readonly signal: LeaveSignal;
  /** The status of the answer that was begun; undefined until then. */
  readonly status: number | undefined;
  /** Passes on an interim answer (RFC 9110 section 15.2); drops it where the protocol has no room for it. */
  inform(head: UpstreamHead): void;
  /**
   * Sends the head of an answer, stripped for this protocol. Gives where its content goes, or undefined where
   * an answer to this request has none. @param length of the content in bytes, where known.
   */
  begin(head: AnswerHead, length: number | undefined): Writable | undefined;
  /** Sends the head without waiting for content. */
  flushHead(): void;
  /** Ends the content. */
  end(trailers: RawHeaders): void;
  /** Sends an answer of the door's own. Nothing may have been begun. */
  reply(reply: Reply): void;
  /** Says yes to a WebSocket: from here on bytes pass both ways. Only where one was asked for. */
  switchTo(head: UpstreamHead): Duplex;
  /** Ends the connection or stream in a way nobody takes for the end of a complete answer. */
  breakOff(): void;
  /** Calls back once, when the visitor's side is over: answered whole, broken off, or left. */
  onOver(task: () => void): void;
}
