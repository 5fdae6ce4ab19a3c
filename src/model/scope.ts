/*
 * What an authority may vouch for. The lists are part of the root's certificate (RFC 5280 section
 * 4.2.1.10), so changing them means a new root on every device.
 */
import { modelErrors } from "./errors.ts";
import { canonicalAddress, isIpAddress, parseHostname } from "./hostname.ts";

export interface Scope {
  /** DNS suffixes without a leading dot: each allows itself and everything below it. */
  readonly dns: readonly string[];
  /** Address ranges in CIDR form. */
  readonly ip: readonly string[];
}

/** Names and addresses that are nobody's on the internet. DESIGN section 5, Certificates. */
export const HOME_SCOPE: Scope = {
  dns: ["local", "home.arpa", "internal", "lan", "home", "test", "localhost"],
  ip: [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
  ],
};

/** Labels under which countries hand out names to strangers: co.uk, com.au, ne.jp. */
const SHARED_LABELS = new Set("ac co com edu go gob gov gv ltd mil ne net nom or org".split(" "));

/**
 * A domain of the person's own that an authority may be made to vouch for, in its one spelling.
 * @throws HOST_INVALID; DOMAIN_TOO_BROAD for `com`, `co.uk` and their like: whoever steals such an
 *   authority could pose as every site there.
 */
export function parseDomain(text: string): string {
  const domain = parseHostname(text);
  if (isInScope(HOME_SCOPE, domain) || !isTooBroad(domain)) return domain;
  throw modelErrors.DOMAIN_TOO_BROAD({ domain });
}

/** Whether strangers have names under this one, as far as its form tells. */
function isTooBroad(domain: string): boolean {
  const [first = "", last, ...more] = domain.split(".");
  if (last === undefined) return true;
  return more.length === 0 && last.length === 2 && SHARED_LABELS.has(first);
}

/** The widest domain of a host that parseDomain takes without reaching strangers: what to name for a new authority. */
export function domainFor(host: string): string {
  const parent = host.slice(host.indexOf(".") + 1);
  return isTooBroad(parent) ? host : parent;
}

/**
 * Whether the scope allows a host name or an address (in its one spelling). `undefined` is the scope
 * without limits (a mkcert root). An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is in no scope:
 * a certificate would carry it as 16 bytes, which no range of a home holds.
 */
export function isInScope(scope: Scope | undefined, host: string): boolean {
  if (scope === undefined) return true;
  if (isIpAddress(host)) return scope.ip.some((range) => rangeHolds(range, host));
  return scope.dns.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}

/** The bytes of an address: 4 or 16. Takes what isIpAddress takes. */
export function addressBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split("."), Number);
  // The one spelling has no dotted part left, even where an IPv4 address was embedded.
  const [head = "", tail] = canonicalAddress(address).split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return Uint8Array.from(
    [...left, ...middle, ...right].flatMap((group) => [group >> 8, group & 255]),
  );
}

/** Whether `range` (CIDR) holds `address`; ranges and addresses of the other family never do. */
export function rangeHolds(range: string, address: string): boolean {
  const [base = "", length = ""] = range.split("/");
  const inside = addressBytes(address);
  const network = addressBytes(base);
  if (inside.length !== network.length) return false;
  const bits = Number(length);
  return network.every((byte, i) => {
    const mask = (0xff << (8 - Math.max(0, Math.min(8, bits - 8 * i)))) & 0xff;
    return (byte & mask) === (Number(inside[i]) & mask);
  });
}
