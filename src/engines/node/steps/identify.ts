/*
 * Who is asked for what: reads host, path and framing out of a request, and refuses whatever could be
 * read in two ways. First step; everything after it trusts what it wrote into the exchange.
 */
import { parseAuthority } from "../../../model/hostname.ts";
import type { Exchange } from "../exchange.ts";
import { badRequest, methodRefused, type Refusal } from "../failure.ts";
import { valuesOf } from "../fields.ts";
import { trailerFields } from "../headers.ts";
import type { UpstreamBody } from "../upstream/upstream.ts";

export function identify(exchange: Exchange): Refusal | undefined {
  const { method, asks } = exchange;
  if (asks === "answer" && (method === "CONNECT" || method === "TRACE"))
    return methodRefused(method);
  if (!TOKEN.test(method)) return badRequest("the method is no token");
  const target = readTarget(exchange.target);
  if (!target) return badRequest("the request target is malformed");
  const written = authorityOf(exchange, target.authority);
  const authority = written === undefined ? undefined : parseAuthority(written);
  if (written === undefined || !authority)
    return badRequest("the request names no host, or several");
  exchange.path = target.path;
  exchange.authority = written;
  exchange.host = authority.host;
  exchange.port = authority.port ?? HTTPS_PORT;
  return readFraming(exchange);
}

export interface Target {
  /** Of the absolute form only. */
  readonly authority: string | undefined;
  /** Origin-form or `*`. */
  readonly path: string;
}

/** Takes a request target apart; RFC 9112 section 3.2. Undefined where it has none of the forms a door takes. */
export function readTarget(target: string): Target | undefined {
  if (!TARGET.test(target)) return undefined;
  if (target.startsWith("/") || target === "*") return { authority: undefined, path: target };
  const parts = ABSOLUTE.exec(target);
  if (!parts) return undefined;
  const [, authority, rest = ""] = parts;
  return { authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Without control bytes, blanks, fragments, and bytes above ASCII: a URI has none of them (RFC 3986). */
const TARGET = /^[\x21\x22\x24-\x7e]+$/;
const ABSOLUTE = /^https?:\/\/([^/?]+)(.*)$/i;
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HTTPS_PORT = 443;

/**
 * The one host a request is for, as written. Undefined where there is none, or where two places name
 * different ones: RFC 9112 section 3.2, RFC 9113 section 8.3.1.
 */
function authorityOf(exchange: Exchange, absolute: string | undefined): string | undefined {
  const hosts = valuesOf(exchange.headers, "host");
  const first = exchange.pseudoAuthority ?? absolute;
  const needed = exchange.pseudoAuthority === undefined ? 1 : 0; // only :authority stands in for Host
  if (hosts.length > 1 || hosts.length < needed) return undefined;
  const [host] = hosts;
  if (first === undefined || host === undefined) return first ?? host;
  return parseAuthority(first)?.host === parseAuthority(host)?.host ? first : undefined;
}

/** What follows the head, in one reading only: RFC 9112 section 6. */
function readFraming(exchange: Exchange): Refusal | undefined {
  const { headers, content, protocol, asks } = exchange;
  const codings = valuesOf(headers, "transfer-encoding");
  const lengths = valuesOf(headers, "content-length");
  if (lengths.length > 1 || !lengths.every((length) => LENGTH.test(length))) {
    return badRequest("the request has no single length");
  }
  const isChunked = codings.length > 0;
  const isPlainChunked = codings.length === 1 && codings[0]?.toLowerCase() === "chunked";
  if (isChunked && (!isPlainChunked || lengths.length > 0 || protocol !== "http/1.1")) {
    return badRequest("the request is framed in more than one way");
  }
  const length = lengths[0] === undefined ? undefined : Number(lengths[0]);
  if ((content.isUnreadable || asks === "websocket") && (isChunked || (length ?? 0) > 0)) {
    return badRequest("a request for another protocol has no content");
  }
  const hasBody =
    protocol === "h2"
      ? !content.isAbsent || length !== undefined
      : isChunked || length !== undefined;
  if (hasBody && asks === "answer") exchange.body = bodyOf(exchange, length);
  return undefined;
}

const LENGTH = /^\d{1,15}$/;

function bodyOf({ content }: Exchange, length: number | undefined): UpstreamBody {
  const { stream, trailers, expectContinue } = content;
  return {
    stream,
    length,
    trailers: () => trailerFields(trailers()),
    expectContinue,
  };
}
