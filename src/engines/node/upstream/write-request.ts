/*
 * A request as the bytes the app gets (RFC 9112 section 3). Called once per exchange. Whatever
 * reaches it, it writes exactly one head: no name, value, method or target can add a line or a
 * second framing to it.
 */
import { TOKEN } from "./fields.ts";
import { type RawHeaders, UnsendableRequestError, type UpstreamRequest } from "./upstream.ts";

/** RFC 9110 section 5.5. Strings hold one byte per character (latin1); others cannot be sent. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Origin-form or `*`. Bytes above ASCII are sent percent-encoded: raw, they are no URI. */
const TARGET = /^(?:\/[\x21-\x7e\x80-\xff]*|\*)$/;
/** Fields the client writes itself; a second one would give the request two meanings. */
const OURS = /^(?:connection|content-length|transfer-encoding|trailer|expect|keep-alive)$/i;

/**
 * The head of a request, latin1, with its framing and the closing empty line.
 * @throws UnsendableRequestError
 */
export function requestHead(request: UpstreamRequest, upgrade: boolean): string {
  const { method, target, headers, body } = request;
  if (!TOKEN.test(method) || method === "CONNECT") throw new UnsendableRequestError("method");
  if (!TARGET.test(target)) throw new UnsendableRequestError("target");
  const lines = fieldLines(headers);
  return `${method} ${ascii(target)} HTTP/1.1\r\n${lines}${framing(body)}${upgrade ? "Connection: Upgrade\r\n" : ""}\r\n`;
}

/** Header or trailer fields as lines, CRLF after each. @throws UnsendableRequestError */
export function fieldLines(fields: RawHeaders): string {
  let lines = "";
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? "";
    const value = fields[i + 1] ?? "";
    if (!TOKEN.test(name) || OURS.test(name)) throw new UnsendableRequestError("field name");
    if (!VALUE.test(value)) throw new UnsendableRequestError(`value of ${name}`);
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function framing(body: UpstreamRequest["body"]): string {
  if (!body) return "";
  const expect = body.expectContinue ? "Expect: 100-continue\r\n" : "";
  if (body.length === undefined) return `Transfer-Encoding: chunked\r\n${expect}`;
  if (!Number.isSafeInteger(body.length) || body.length < 0) {
    throw new UnsendableRequestError("length");
  }
  return `Content-Length: ${body.length}\r\n${expect}`;
}

function ascii(target: string): string {
  return target.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
}
