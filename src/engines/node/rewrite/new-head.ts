/*
 * The head of an answer whose content the door has made anew: what was said of the app's own content is not said of
 * the door's. Pure.
 */
import { without } from "../headers.ts";
import type { RawHeaders, UpstreamResponse } from "../upstream/upstream.ts";
import { bodyOf } from "./gather.ts";

/** About the bytes: how many, in which form, and what proves that they are the same (RFC 9110 section 8, RFC 9530). */
const ABOUT_CONTENT = [
  "accept-ranges",
  "content-digest",
  "content-encoding",
  "content-length",
  "content-md5",
  "digest",
  "etag",
  "last-modified",
  "repr-digest",
];
/** How long it stays good: as long as the ports it names are open, and for this visitor's name of the door. */
const ABOUT_AGE = ["age", "cache-control", "expires", "pragma"];
const NOT_OURS: ReadonlySet<string> = new Set([...ABOUT_CONTENT, ...ABOUT_AGE]);

/** @param type what the content is now, where that is not what the app said. */
export function rewritten(
  answer: UpstreamResponse,
  content: Buffer,
  type: string | undefined,
): UpstreamResponse {
  const trailers = without(answer.trailers(), NOT_OURS);
  // Trailers travel behind chunks only; most answers have none and tell their length.
  const length = trailers.length > 0 ? undefined : content.length;
  const headers = [...headOf(answer, type), "Content-Length", String(content.length)];
  return { ...answer, headers, length, body: bodyOf([content]), trailers: () => trailers };
}

/** An answer to HEAD where GET would get one made anew, or perhaps not: it says nothing it could not keep. */
export function unpromised(answer: UpstreamResponse): UpstreamResponse {
  return { ...answer, headers: headOf(answer, undefined), length: undefined };
}

function headOf({ headers }: UpstreamResponse, type: string | undefined): RawHeaders {
  const kept = without(headers, NOT_OURS);
  const named = type === undefined ? kept : without(kept, new Set(["content-type"]));
  return [...named, ...(type === undefined ? [] : ["Content-Type", type])].concat([
    "Cache-Control",
    "no-store",
  ]);
}
