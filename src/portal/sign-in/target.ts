/*
 * Where a visitor wanted to go before the door asked who they are: an app's host, the hash of the nonce
 * in their browser, and a path there. It comes in an address anybody can write, so only what is in the
 * plan counts, and nothing else is ever led to. Pure.
 */
import { parseAuthority } from "../../model/hostname.ts";
import type { Plan } from "../../model/plan.ts";

export interface Target {
  /** The app's host in its one spelling. */
  readonly host: string;
  /** The same, with the port where it is not 443. */
  readonly authority: string;
  readonly nonceHash: string;
  /** Path and query, as the visitor's browser sent them. */
  readonly path: string;
}

export type Wanted =
  | { readonly is: "target"; readonly target: Target }
  /** They came for the portal itself. */
  | { readonly is: "nothing" }
  /** Nobody of ours wrote this. */
  | { readonly is: "bad" };

const FIELDS = ["to", "n", "path"] as const;
const HTTPS_PORT = 443;
/** SHA-256 in base64url. */
const NONCE_HASH = /^[A-Za-z0-9_-]{43}$/;
/** Printable ASCII, as a request line has it, on the host it is for: `//` and `/\` would begin another host's name. */
const PATH = /^\/(?![/\\])[!-~]*$/;
const LONGEST_PATH = 8192;

/** Where apps are: names of the plan, at ports. */
export interface Places {
  readonly plan: Plan | undefined;
  /** The portal's own, as the visitor sees it: the door's names all have the same one. */
  readonly port: number;
  /** Whether a sandbox of the app of this name is open at another port. */
  readonly hasSandboxAt?: ((host: string, port: number) => boolean) | undefined;
}

export function readWanted(said: Pick<URLSearchParams, "get">, places: Places): Wanted {
  const fields = FIELDS.map((name) => said.get(name));
  if (fields.every((field) => field === null)) return { is: "nothing" };
  const [to, nonceHash, path] = fields;
  const at = placeIn(to ?? "", places);
  if (!at || !isHash(nonceHash) || !isPath(path)) return { is: "bad" };
  const { host, port } = at;
  return { is: "target", target: { host, authority: authorityOf(host, port), nonceHash, path } };
}

function isHash(text: string | null | undefined): text is string {
  return typeof text === "string" && NONCE_HASH.test(text);
}

/** An app's host and the port it is wanted at, where an app is there. */
function placeIn(
  text: string,
  { plan, port: own, hasSandboxAt }: Places,
): { readonly host: string; readonly port: number } | undefined {
  const { host, port = HTTPS_PORT } = parseAuthority(text) ?? {};
  if (host === undefined || plan?.routes.get(host)?.kind !== "app") return undefined;
  return port === own || hasSandboxAt?.(host, port) ? { host, port } : undefined;
}

/** Whether a text is a path at the very host it is used at, which the door has not made its own. */
export function isPath(text: string | null | undefined): text is string {
  if (typeof text !== "string" || text.length > LONGEST_PATH || !PATH.test(text)) return false;
  return !text.startsWith("/.genkan/");
}

/** The target as the portal's addresses carry it. */
export function targetFields({ authority, nonceHash, path }: Target): [string, string][] {
  return [
    ["to", authority],
    ["n", nonceHash],
    ["path", path],
  ];
}

/** `host`, or `host:port` where the port is not the usual one. */
export function authorityOf(host: string, port: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === HTTPS_PORT ? name : `${name}:${port}`;
}
