/*
 * Header and trailer fields of an app's answer, read strictly (RFC 9112 section 5, RFC 9110 section
 * 5.5). Called by the response parser and the chunked decoder. Nothing here looks at single bytes:
 * a few linear expressions over the whole text do it, and none of them can be made to backtrack.
 */
import { UpstreamFailureError } from "./upstream.ts";

/** A field name or a method; RFC 9110 section 5.6.2. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Control bytes other than HTAB, CR without LF, LF without CR: each has hidden a second message before. */
// eslint-disable-next-line no-control-regex -- control bytes are what is looked for
const TWO_MEANINGS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;

/** What an app sent is no answer, or has two meanings. `why` never quotes the app's own bytes. */
export function garbage(why: string): UpstreamFailureError {
  return new UpstreamFailureError("garbage", why);
}

/** @throws UpstreamFailureError (garbage) where `text` holds what no head may hold. */
export function refuseTwoMeanings(text: string): void {
  if (TWO_MEANINGS.test(text)) {
    throw garbage("its answer has control characters or broken line ends in the head");
  }
}

/**
 * Field lines from offset `from` of `text` (lines parted by CRLF, none after the last) as name,
 * value, name, value, ... The text was seen by `refuseTwoMeanings`.
 * @throws UpstreamFailureError (garbage) for folded lines, names that are no token, missing colons.
 */
export function parseFields(text: string, from: number): string[] {
  const fields: string[] = [];
  for (let at = from; at < text.length;) {
    const found = text.indexOf("\r\n", at);
    const end = found === -1 ? text.length : found;
    const colon = text.indexOf(":", at);
    const name = colon === -1 || colon > end ? "" : text.slice(at, colon);
    if (!TOKEN.test(name)) {
      throw garbage(`line ${fields.length / 2 + 1} of its header fields is not "name: value"`);
    }
    fields.push(name, trimmed(text, colon + 1, end));
    at = end + 2;
  }
  return fields;
}

/** The part of `text` without spaces and tabs around it. `String.trim` would take more than RFC 9110 allows. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
