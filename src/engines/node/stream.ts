/*
 * Content on its way: an app's answer to its visitor, and the bytes of a WebSocket both ways. The slower
 * side sets the pace; nothing is gathered; an end that is no proper end is never made to look like one.
 */
import type { Duplex, Writable } from "node:stream";
import {
  type RawHeaders,
  UpstreamFailureError,
  type UpstreamResponse,
} from "./upstream/upstream.ts";
import type { Visitor } from "./visitor.ts";

const NOTHING: RawHeaders = [];
const BROKE_OFF = "it ended within its answer";

/**
 * Passes an answer on. Resolves when it is handed over whole or the visitor has left.
 * @param ours what the door adds to its head.
 * @throws UpstreamFailureError (closed) where the app broke off within the content.
 */
export async function relay(
  response: UpstreamResponse,
  visitor: Visitor,
  ours: RawHeaders = NOTHING,
): Promise<void> {
  const { body, length, trailers } = response;
  // It may have broken off in the packet that brought its head: then that was told before anyone listened.
  if (body.destroyed) throw body.errored ?? new UpstreamFailureError("closed", BROKE_OFF);
  const { status, statusText, headers } = response;
  const out = visitor.begin({ status, statusText, headers, ours }, length);
  if (out === undefined) {
    body.resume();
    return;
  }
  if (body.isComplete) return passAtOnce(response, visitor, out);
  // With content at hand the head travels in its packet; without, it must not wait for the first event.
  if (body.readableLength === 0) visitor.flushHead();
  await new Promise<void>((resolve, reject) => {
    body.on("data", (chunk: Buffer) => {
      if (!hand(chunk, body, out)) body.pause();
    });
    out.on("drain", () => body.resume());
    body.resume(); // whoever has read of it before had it wait
    body.on("end", () => {
      visitor.end(trailers());
      resolve();
    });
    body.on("error", reject);
    body.on("close", () => {
      if (!body.readableEnded) reject(new UpstreamFailureError("closed", BROKE_OFF));
    });
    visitor.onOver(() => {
      body.destroy();
      resolve();
    });
  });
}

/** Most answers come in one packet with their head, and leave in one: no stream has to be set in motion. */
function passAtOnce({ body, trailers }: UpstreamResponse, visitor: Visitor, out: Writable): void {
  // Since Node 26 one read gives one chunk, before it gave all there was.
  const next = (): Buffer | null => body.read();
  for (let part = next(); part !== null; part = next()) hand(part, body, out);
  visitor.end(trailers());
}

/** Writes a chunk; once it is flushed, and so nobody's any more, its memory goes back. */
function hand(chunk: Buffer, body: UpstreamResponse["body"], out: Writable): boolean {
  return out.write(chunk, (why) => {
    if (!why) body.passedOn?.(chunk);
  });
}

/** Joins two streams until both are closed; each may end its direction first (RFC 6455 section 7.1.1). */
export function join(visitor: Duplex, app: Duplex): void {
  pass(visitor, app);
  pass(app, visitor);
}

function pass(from: Duplex, to: Duplex): void {
  from.allowHalfOpen = true;
  from.on("error", () => undefined); // told by close
  from.on("close", () => {
    // Broken off: the other side must not take it for an end. Ended: it may still have bytes to deliver.
    if (!from.readableEnded || to.writableFinished) to.destroy();
    else to.once("finish", () => to.destroy());
  });
  from.pipe(to);
}
