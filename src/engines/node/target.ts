/*
 * The request target, taken apart (RFC 9112 section 3.2). Pure. Used for both ports.
 */
export interface Target {
  /** Of the absolute form only. */
  readonly authority: string | undefined;
  /** Origin-form or `*`. */
  readonly path: string;
}

/** Undefined where the target has none of the forms a door takes. */
export function readTarget(target: string): Target | undefined {
  if (!CHARACTERS.test(target)) return undefined;
  if (target.startsWith("/") || target === "*") return { authority: undefined, path: target };
  const parts = ABSOLUTE.exec(target);
  if (!parts) return undefined;
  const [, authority, rest = ""] = parts;
  return { authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Without control bytes, blanks, fragments, and bytes above ASCII: a URI has none of them (RFC 3986 section 2). */
const CHARACTERS = /^[\x21\x22\x24-\x7e]+$/;
const ABSOLUTE = /^https?:\/\/([^/?]+)(.*)$/i;
