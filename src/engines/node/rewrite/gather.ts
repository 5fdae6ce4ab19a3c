/*
 * The content of an answer in one piece, as long as it is no larger than a limit: what is larger is put back as if
 * nobody had read of it, and goes on as a stream.
 */
import { Readable } from "node:stream";
import { UpstreamFailureError, type UpstreamResponse } from "../upstream/upstream.ts";

type Body = UpstreamResponse["body"];

/**
 * All of the content, in the parts it came in; undefined where it is larger than `limit` bytes, and then all of it is
 * still to be read.
 * @throws UpstreamFailureError where the app broke off within it, or the visitor left.
 */
export async function gather(body: Body, limit: number): Promise<Buffer[] | undefined> {
  if (body.destroyed) throw brokenOff(body);
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const onData = (part: Buffer): void => {
      parts.push(part);
      size += part.length;
      if (size > limit) over(() => resolve(undefined));
    };
    const onEnd = (): void => over(() => resolve(parts));
    const onClose = (): void => over(() => reject(brokenOff(body)));
    function over(tell: () => void): void {
      body.off("data", onData).off("end", onEnd).off("close", onClose).pause();
      if (size > limit) for (const part of parts.toReversed()) body.unshift(part);
      tell();
    }
    body.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function brokenOff({ errored }: Body): Error {
  return errored ?? new UpstreamFailureError("closed", "it ended within its answer");
}

/** Content that is there already, as a stream. */
export function bodyOf(parts: readonly Buffer[]): Body {
  const body = new Readable({ read: () => undefined });
  for (const part of parts) body.push(part);
  body.push(null);
  return Object.assign(body, { isComplete: true });
}
