/*
 * Who is asked for what: reads host, path and framing out of a request, and refuses whatever could be
 * read in two ways. First step; everything after it trusts what it wrote into the exchange.
 */
import { parseAuthority } from "../../../model/hostname.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { badRequest, methodRefused, protocolRefused, type Refusal } from "../failure.ts";
import { valuesOf } from "../fields.ts";
import { trailerFields } from "../headers.ts";
import { type Framing, framingOf } from "../request-framing.ts";
import { readTarget } from "../target.ts";
import type { UpstreamBody } from "../upstream/upstream.ts";

export function identify(exchange: Exchange, door: Door): Refusal | undefined {
  return (
    countFields(exchange, door) ??
    readMethod(exchange) ??
    readPlace(exchange) ??
    readContent(exchange)
  );
}

/** Node counts the bytes of a head without its separators: thousands of tiny fields pass there. */
function countFields({ headers }: Exchange, { headerListFields }: Door): Refusal | undefined {
  if (headers.length <= headerListFields * 2) return undefined;
  const why = `the request has more than ${headerListFields} header fields`;
  return { status: 431, code: "DOOR_HEADERS_TOO_LARGE", blame: "visitor", why, close: true };
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HTTPS_PORT = 443;

function readMethod({ method, protocol, asks }: Exchange): Refusal | undefined {
  if (protocol === "other") return badRequest("the version is neither HTTP/1.0 nor 1.1");
  if (asks === "tunnel") return protocolRefused();
  if (asks === "answer" && (method === "CONNECT" || method === "TRACE")) {
    return methodRefused(method);
  }
  return TOKEN.test(method) ? undefined : badRequest("the method is no token");
}

function readPlace(exchange: Exchange): Refusal | undefined {
  const target = readTarget(exchange.target);
  if (!target) return badRequest("the request target is malformed");
  const written = authorityOf(exchange, target.authority);
  const authority = written === undefined ? undefined : parseAuthority(written);
  if (written === undefined || !authority) {
    return badRequest("the request names no host, or several");
  }
  exchange.path = target.path;
  exchange.authority = written;
  exchange.host = authority.host;
  exchange.port = authority.port ?? HTTPS_PORT;
  return undefined;
}

/**
 * The one host a request is for, as written. Undefined where there is none, or where two places name
 * different ones: RFC 9112 section 3.2, RFC 9113 section 8.3.1.
 */
function authorityOf(exchange: Exchange, absolute: string | undefined): string | undefined {
  const [host, ...more] = valuesOf(exchange.headers, "host");
  if (more.length > 0) return undefined;
  // Only HTTP/2 may leave Host out; an absolute target does not stand in for it.
  if (host === undefined) return exchange.pseudoAuthority;
  const other = exchange.pseudoAuthority ?? absolute;
  if (other === undefined) return host;
  return parseAuthority(other)?.host === parseAuthority(host)?.host ? other : undefined;
}

function readContent(exchange: Exchange): Refusal | undefined {
  const { asks, content, headers, protocol } = exchange;
  const framing = framingOf(headers, protocol);
  if (typeof framing === "string") return badRequest(framing);
  const isExpected = framing.isChunked || framing.length !== undefined;
  if (content.isUnreadable || asks === "websocket") {
    const isEmpty = !framing.isChunked && (framing.length ?? 0) === 0;
    return isEmpty ? undefined : badRequest("a request for another protocol has no content");
  }
  if (isExpected || !content.isAbsent) exchange.body = bodyOf(exchange, framing);
  return undefined;
}

function bodyOf({ content }: Exchange, { length }: Framing): UpstreamBody {
  const { stream, trailers, expectContinue } = content;
  return { stream, length, trailers: () => trailerFields(trailers()), expectContinue };
}
