/*
 * What in HTTP's fields is the door's own, so that no app ever sees or sets it: its cookies, and the tokens of
 * programs. Pure; every engine asks it for every request, access makes what it finds.
 */

/** The session's; all cookies of the door begin with its name. `__Host-`: https only, this very host only, whole path (RFC 6265bis section 4.1.3.2). */
export const SESSION_COOKIE = "__Host-genkan";
/** Session and nonce: `__Host-genkan`, `__Host-genkan-nonce`. Browsers may take the prefix in any case. */
const OWN_COOKIE = /^__Host-genkan(?:-[a-z]+)?$/i;
const MAYBE_OWN = /__Host-genkan/i;

/** How a program's token of ours is told from one that is meant for the app. */
export const TOKEN_PREFIX = "genkan_";
const OWN_TOKEN = /^\s*bearer\s+genkan_/i;

/** A `Cookie` field without what is the door's; undefined where nothing is left of it. */
export function withoutOwnCookies(field: string): string | undefined {
  if (!MAYBE_OWN.test(field)) return field;
  const kept = field.split(";").filter((pair) => !OWN_COOKIE.test(nameOf(pair)));
  const left = kept.join(";").trim();
  return left === "" ? undefined : left;
}

/** Whether a `Set-Cookie` field would set a cookie of the door's. */
export function setsOwnCookie(field: string): boolean {
  if (!MAYBE_OWN.test(field)) return false;
  const [pair = ""] = field.split(";");
  // A cookie without a name is sent as its bare value, which then looks like one with a name.
  return OWN_COOKIE.test(nameOf(pair.replace(/^[\s=]+/, "")));
}

/** Whether `Authorization` holds a token of ours (RFC 6750 section 2.1), good or not. */
export function isOwnToken(authorization: string): boolean {
  return OWN_TOKEN.test(authorization);
}

function nameOf(pair: string): string {
  const at = pair.indexOf("=");
  return (at === -1 ? pair : pair.slice(0, at)).trim();
}
