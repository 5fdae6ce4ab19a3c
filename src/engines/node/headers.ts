/*
 * What becomes of header fields on their way through the door. Pure. Order, case and duplicates stay;
 * fields about one connection go (RFC 9110 section 7.6.1); what only the door may say, the door says.
 */
import { isOwnToken, setsOwnCookie, withoutOwnCookies } from "../../model/own-fields.ts";
import { tokensOf, valuesOf } from "./fields.ts";
import type { RawHeaders } from "./upstream/upstream.ts";

/** What a request's fields are made from. */
export interface Sender {
  readonly headers: RawHeaders;
  /** Host and port as the visitor wrote them. */
  readonly authority: string;
  /** The visitor's view of the door's port. */
  readonly port: number;
  readonly connection: { readonly address: string };
  /** What the app is told of who sends it: names and values. */
  readonly identity: readonly (readonly [string, string])[];
}

/** About one connection only, both ways. Proxy-Authenticate and -Authorization are for the next hop, which we are. */
const CONNECTION_ONLY = [
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
];

/** Framing is written anew by the client; Forwarded and the like are the door's to say; Proxy is CVE-2016-5385. */
const NOT_FOR_APPS = new Set([
  ...CONNECTION_ONLY,
  "content-length",
  "expect",
  "forwarded",
  "proxy",
  "trailer",
  // Whatever else says where a request comes from, what it was for, or who sent it.
  "cf-connecting-ip",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-forwarded",
  "x-original-uri",
  "x-original-url",
  "x-real-ip",
  "x-remote-user",
  "x-rewrite-url",
  "x-webauth-user",
]);
/** Families of such fields: this door's own, and those by which other doors say who the visitor is. */
const DOOR_ONLY =
  /^(?:x-forwarded-|x-genkan-|remote-|x-auth-request-|x-authentik-|tailscale-user-)/;
const NOT_FOR_VISITORS = new Set(CONNECTION_ONLY);
/** RFC 9110 section 6.5.1: what frames, routes or authenticates a message cannot come behind it. */
const NOT_IN_TRAILERS = new Set([...NOT_FOR_APPS, "host", "cookie", "set-cookie", "authorization"]);

/**
 * A request's fields as the app gets them.
 * @param token the door's own member of CDN-Loop (RFC 8586), by which it knows its requests again.
 */
export function requestFields(sender: Sender, token: string): string[] {
  const { headers, authority } = sender;
  const named = namedByConnection(headers);
  // HTTP/2 sends crumbs, HTTP/1.1 wants one line: RFC 9113 section 8.2.3.
  let cookies = withoutOwnCookies(valuesOf(headers, "cookie").join("; "));
  const fields: string[] = valuesOf(headers, "host").length > 0 ? [] : ["host", authority];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const lower = name.toLowerCase();
    const value = headers[i + 1] ?? "";
    if (isDropped(lower, value, named)) continue;
    if (lower === "host") fields.push(name, authority);
    else if (lower !== "cookie") fields.push(name, value);
    else if (cookies !== undefined) {
      fields.push(name, cookies);
      cookies = undefined;
    }
  }
  pushOurs(fields, sender, token);
  return fields;
}

function pushOurs(fields: string[], sender: Sender, token: string): void {
  const { authority, connection, port, identity } = sender;
  fields.push("X-Forwarded-For", connection.address, "X-Forwarded-Proto", "https");
  fields.push("X-Forwarded-Host", authority, "X-Forwarded-Port", String(port));
  fields.push("CDN-Loop", token);
  for (const [name, value] of identity) fields.push(name, value);
}

/** An answer's fields as a visitor gets them. @param canTrail whether trailers can follow on this connection. */
export function answerFields(headers: RawHeaders, canTrail: boolean): string[] {
  const named = namedByConnection(headers);
  const fields: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const lower = name.toLowerCase();
    const value = headers[i + 1] ?? "";
    if (isDroppedFromAnswer(lower, value) || named?.has(lower)) continue;
    if (lower === "trailer" && !canTrail) continue;
    fields.push(name, value);
  }
  return fields;
}

/** Trailers, either way. */
export function trailerFields(trailers: RawHeaders): string[] {
  const fields: string[] = [];
  for (let i = 0; i < trailers.length; i += 2) {
    const name = trailers[i] ?? "";
    const lower = name.toLowerCase();
    if (name.startsWith(":") || NOT_IN_TRAILERS.has(lower) || isForDoorOnly(lower)) continue;
    fields.push(name, trailers[i + 1] ?? "");
  }
  return fields;
}

/** Fields without those named (lower case). */
export function without(fields: RawHeaders, names: ReadonlySet<string>): string[] {
  return fields.filter((_, i) => !names.has((fields[i - (i % 2)] ?? "").toLowerCase()));
}

/** The form node:http2 takes: lower-case names, several values as a list. */
export function http2Fields(fields: RawHeaders): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i < fields.length; i += 2) {
    const name = (fields[i] ?? "").toLowerCase();
    const value = fields[i + 1] ?? "";
    const earlier = object[name];
    if (earlier === undefined) object[name] = value;
    else if (typeof earlier === "string") object[name] = [earlier, value];
    else earlier.push(value);
  }
  return object;
}

/** Whether a request has come through this door before. */
export function hasPassed(headers: RawHeaders, token: string): boolean {
  const loops = valuesOf(headers, "cdn-loop");
  return loops.some((value) =>
    value.split(",").some((member) => member.split(";")[0]?.trim() === token),
  );
}

/** What the door says (`x-genkan-`, its cookies), no app says for it. */
function isDroppedFromAnswer(lower: string, value: string): boolean {
  if (lower === "set-cookie") return setsOwnCookie(value);
  return lower.startsWith(":") || lower.startsWith("x-genkan-") || NOT_FOR_VISITORS.has(lower);
}

function isDropped(lower: string, value: string, named: ReadonlySet<string> | undefined): boolean {
  if (lower === "authorization" && isOwnToken(value)) return true;
  return isForDoorOnly(lower) || (named !== undefined && named.has(lower));
}

/**
 * CGI and WSGI cannot tell `X_Forwarded_For` from `X-Forwarded-For`, so both spellings are refused.
 * Apps believe these fields: a visitor must not be able to write them.
 */
function isForDoorOnly(lower: string): boolean {
  const name = lower.includes("_") ? lower.replaceAll("_", "-") : lower;
  return NOT_FOR_APPS.has(name) || DOOR_ONLY.test(name);
}

/** Names listed in Connection; undefined for the common "keep-alive", "close" and "Upgrade". */
function namedByConnection(headers: RawHeaders): ReadonlySet<string> | undefined {
  const tokens = tokensOf(headers, "connection").filter((token) => !NOT_FOR_VISITORS.has(token));
  if (tokens.length === 0) return undefined;
  // Host and the length of the content are never about one connection, whoever says so.
  return new Set(tokens.filter((token) => token !== "host" && token !== "content-length"));
}
