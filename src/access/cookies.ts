/*
 * The door's own cookies in what a visitor sends (RFC 6265). An app never sees them, and a visitor
 * who sends one twice has none: no browser does that with a `__Host-` cookie. Pure.
 */

import { SESSION_COOKIE } from "../model/own-fields.ts";

/** Binds a hand-over to the browser that asked for it. */
export const NONCE_COOKIE = "__Host-genkan-nonce";
/** Binds the challenge of a passkey to the browser that asked for it. */
export const PASSKEY_COOKIE = "__Host-genkan-passkey";
/** A token or a nonce is 43 characters; a value that is longer is nobody's. */
const LONGEST_VALUE = 64;
const VALUE = /^[A-Za-z0-9_-]+$/;

/** The value of a cookie of ours; undefined where there is none, more than one, or no value we made. */
export function ownCookie(headers: readonly string[], name: string): string | undefined {
  const found: string[] = [];
  for (const header of headers) {
    if (!header.includes(name)) continue;
    for (const pair of header.split(";")) {
      const at = pair.indexOf("=");
      if (at !== -1 && pair.slice(0, at).trim() === name) found.push(pair.slice(at + 1).trim());
    }
  }
  const [value, ...more] = found;
  if (value === undefined || more.length > 0) return undefined;
  return value.length <= LONGEST_VALUE && VALUE.test(value) ? value : undefined;
}

/** `Set-Cookie` for a session. @param seconds until the browser forgets it. */
export function sessionCookie(token: string, seconds: number): string {
  return `${SESSION_COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
}

/** `Set-Cookie` for a nonce; it goes with the browser's session, or a minute after. */
export function nonceCookie(nonce: string): string {
  return `${NONCE_COOKIE}=${nonce}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600`;
}

/** `Set-Cookie` for the key of a passkey's challenge. @param seconds how long the challenge is good */
export function passkeyCookie(key: string, seconds: number): string {
  return `${PASSKEY_COOKIE}=${key}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
}

/** `Set-Cookie` that takes one of ours away. */
export function noCookie(
  name: typeof SESSION_COOKIE | typeof NONCE_COOKIE | typeof PASSKEY_COOKIE,
): string {
  return `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;
}
