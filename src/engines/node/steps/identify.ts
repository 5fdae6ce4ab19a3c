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
import {
  type RawHeaders,
  UnsendableRequestError,
  type UpstreamBody,
} from "../upstream/upstream.ts";

export function identify(exchange: Exchange, door: Door): Refusal | undefined {
  return (
    weighHead(exchange, door) ??
    readMethod(exchange) ??
    readPlace(exchange) ??
    readContent(exchange, door)
  );
}

/**
 * Node counts the bytes of an HTTP/1.1 head without its separators, so thousands of tiny fields pass there; and
 * HTTP/2 holds only those to a limit who acknowledged it, so a few packed bytes may stand for megabytes.
 */
function weighHead({ headers }: Exchange, door: Door): Refusal | undefined {
  if (!isTooLarge(headers, door)) return undefined;
  const { headerListFields, headerListBytes } = door.limits;
  const why = `its header fields are more than ${headerListFields}, or than ${headerListBytes} bytes`;
  return { status: 431, code: "DOOR_HEADERS_TOO_LARGE", blame: "visitor", why, close: true };
}

function isTooLarge(fields: RawHeaders, { limits }: Door): boolean {
  if (fields.length > limits.headerListFields * 2) return true;
  return fields.reduce((sum, text) => sum + text.length, 0) > limits.headerListBytes;
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HTTPS_PORT = 443;

function readMethod({ method, protocol, asks }: Exchange): Refusal | undefined {
  if (protocol === "other") return badRequest("the version is neither HTTP/1.0 nor 1.1");
  if (asks === "tunnel") return protocolRefused();
  // RFC 6455 section 4.1; HTTP/1.0 has no Upgrade (RFC 9110 section 7.8).
  if (asks === "websocket" && protocol === "http/1.0") {
    return badRequest("a WebSocket begins with HTTP/1.1 or newer");
  }
  if (asks === "answer" && (method === "CONNECT" || method === "TRACE")) {
    return methodRefused(method);
  }
  return TOKEN.test(method) ? undefined : badRequest("the method is no token");
}

function readPlace(exchange: Exchange): Refusal | undefined {
  const target = readTarget(exchange.target);
  const isAbsolute = target?.authority !== undefined;
  // HTTP/2 has a field of its own for the authority: RFC 9113 section 8.3.1.
  if (!target || (isAbsolute && exchange.protocol === "h2")) {
    return badRequest("the request target is malformed");
  }
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

function readContent(exchange: Exchange, door: Door): Refusal | undefined {
  const { asks, content, headers, protocol } = exchange;
  const framing = framingOf(headers, protocol);
  if (typeof framing === "string") return badRequest(framing);
  const isExpected = framing.isChunked || framing.length !== undefined;
  if (content.isUnreadable || asks === "websocket") {
    const isEmpty = !framing.isChunked && (framing.length ?? 0) === 0;
    return isEmpty ? undefined : badRequest("a request for another protocol has no content");
  }
  if (isExpected || !content.isAbsent) exchange.body = bodyOf(exchange, framing, door);
  return undefined;
}

function bodyOf({ content }: Exchange, { length }: Framing, door: Door): UpstreamBody {
  const { stream, expectContinue } = content;
  const trailers = (): RawHeaders => {
    const fields = content.trailers();
    if (isTooLarge(fields, door)) throw new UnsendableRequestError("trailer section");
    return trailerFields(fields);
  };
  return { stream, length, trailers, expectContinue };
}
