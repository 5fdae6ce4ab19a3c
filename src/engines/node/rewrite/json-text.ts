/*
 * Whether an answer is JSON, and its text as UTF-8 (RFC 8259 section 8.1), whatever it says it is written in. Pure.
 */
import { isUtf8 } from "node:buffer";
import { valuesOf } from "../fields.ts";
import type { RawHeaders } from "../upstream/upstream.ts";

/** One document: neither events nor lines of JSON. */
const JSON_TYPE = /^\s*(?:application|text)\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
const UTF_8 = /^(?:utf-?8|us-ascii)$/i;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whether the content is JSON by all its `Content-Type` fields. */
export function isJson(headers: RawHeaders): boolean {
  const types = valuesOf(headers, "content-type");
  return types.length > 0 && types.every((type) => JSON_TYPE.test(type));
}

/** What the content says it is written in; undefined for UTF-8. */
export function otherCharset(headers: RawHeaders): string | undefined {
  const [type = ""] = valuesOf(headers, "content-type");
  const charset = CHARSET.exec(type)?.[1];
  return charset === undefined || UTF_8.test(charset) ? undefined : charset;
}

/** The content in UTF-8, or undefined where it is not what it says. */
export function asUtf8(content: Buffer, charset: string | undefined): Buffer | undefined {
  if (charset !== undefined) return translated(content, charset);
  if (!isUtf8(content)) return undefined;
  const hasMark = content.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return hasMark ? content.subarray(BYTE_ORDER_MARK.length) : content;
}

function translated(content: Buffer, charset: string): Buffer | undefined {
  try {
    return Buffer.from(new TextDecoder(charset, { fatal: true }).decode(content));
  } catch (thrown) {
    // WHATWG Encoding: a label nobody knows, and bytes the encoding does not have.
    if (thrown instanceof RangeError || thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}
