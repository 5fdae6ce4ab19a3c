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

/** @param port the portal's own, as the visitor sees it: the door's names all have the same one. */
export function readWanted(
  said: Pick<URLSearchParams, "get">,
  plan: Plan | undefined,
  port: number,
): Wanted {
  const fields = FIELDS.map((name) => said.get(name));
  if (fields.every((field) => field === null)) return { is: "nothing" };
  const [to, nonceHash, path] = fields;
  const host = hostAt(to ?? "", port);
  const isWhole = host !== undefined && isHash(nonceHash) && isPath(path);
  if (!isWhole || plan?.routes.get(host)?.kind !== "app") return { is: "bad" };
  return { is: "target", target: { host, authority: authorityOf(host, port), nonceHash, path } };
}

function isHash(text: string | null | undefined): text is string {
  return typeof text === "string" && NONCE_HASH.test(text);
}

/** The host, where the text names it at this port. */
function hostAt(text: string, port: number): string | undefined {
  const asked = parseAuthority(text);
  return asked && (asked.port ?? HTTPS_PORT) === port ? asked.host : undefined;
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
