/*
 * URLs by which OpenHands names ports of sandboxes: read, and written with another origin. Pure.
 */

export interface NamedUrl {
  /** Lower case, an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Everything behind the origin, as it was. */
  readonly rest: string;
}

/** Host and port alone before the path: no user, no password, no missing port. */
const NAMED =
  /^http:\/\/(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253})):(\d{1,5})((?:[/?#].*)?)$/is;

/** @returns undefined for what is no such URL. */
export function readUrl(text: string): NamedUrl | undefined {
  const [, bracketed, name, port, rest = ""] = NAMED.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host === undefined) return undefined;
  return { host: host.toLowerCase(), port: Number(port), rest };
}

/** The value of `tkn` in a URL's query, by which VS Code knows its visitor. */
export function tokenOf({ rest }: NamedUrl): string | undefined {
  const query = /\?([^#]*)/.exec(rest)?.[1];
  return new URLSearchParams(query).get("tkn") ?? undefined;
}
