/*
 * What we sign and what we refuse: the one place, pure. Every authority asks here before it signs,
 * so that nothing leaves the scope even where a client would not check it (old Java and Android
 * ignore the constraints of a root).
 */
import { modelErrors } from "../model/errors.ts";
import { canonicalAddress, isIpAddress, parseAddress, parseHostname } from "../model/hostname.ts";
import { domainFor, HOME_SCOPE, isInScope, parseDomain, type Scope } from "../model/scope.ts";
import { pkiErrors } from "./errors.ts";

/**
 * What a leaf is to speak for: host names, or addresses. Never both, since BoringSSL's and LibreSSL's
 * verifiers know no constraints on addresses and refuse the whole leaf.
 */
export type LeafRequest = { readonly dns: readonly string[] } | { readonly ips: readonly string[] };

/**
 * The request in its one spelling, without repetitions.
 * @throws PKI_NO_NAMES, HOST_INVALID, NAME_OUT_OF_SCOPE, PKI_WILDCARD_TOO_WIDE,
 *   DOMAIN_TOO_BROAD, ADDRESS_INVALID, PKI_ADDRESS_OUT_OF_SCOPE
 */
export function checkRequest(scope: Scope | undefined, request: LeafRequest): LeafRequest {
  if ("dns" in request) {
    const dns = unique(request.dns.map((name) => checkName(scope, name)));
    if (dns.length === 0) throw pkiErrors.PKI_NO_NAMES({});
    return { dns };
  }
  const ips = unique(request.ips.map((address) => checkAddress(scope, address)));
  if (ips.length === 0) throw pkiErrors.PKI_NO_NAMES({});
  return { ips };
}

/** Sorts what a person typed into host names or addresses. @throws PKI_NO_NAMES, PKI_NAMES_MIXED */
export function requestOf(names: readonly string[]): LeafRequest {
  const addresses = names.filter((name) => isIpAddress(name));
  const hosts = names.filter((name) => !isIpAddress(name));
  if (names.length === 0) throw pkiErrors.PKI_NO_NAMES({});
  if (addresses.length > 0 && hosts.length > 0) {
    throw pkiErrors.PKI_NAMES_MIXED({ names: hosts, addresses });
  }
  return addresses.length > 0 ? { ips: addresses } : { dns: hosts };
}

/** The home scope and further domains of a person's own. @throws HOST_INVALID, DOMAIN_TOO_BROAD */
export function scopeWith(domains: readonly string[]): Scope {
  const more = domains.map(parseDomain).filter((domain) => !isInScope(HOME_SCOPE, domain));
  return { dns: [...HOME_SCOPE.dns, ...unique(more)], ip: HOME_SCOPE.ip };
}

/** Whether two requests ask for the same names, in whatever order and spelling. */
export function sameRequest(one: LeafRequest, other: LeafRequest): boolean {
  return one === other || keyOf(one) === keyOf(other);
}

function keyOf(request: LeafRequest): string {
  const names =
    "dns" in request
      ? request.dns.map((name) => `DNS:${name}`)
      : request.ips.map((address) => `IP:${canonicalAddress(address)}`);
  return names.toSorted().join(" ");
}

function checkName(scope: Scope | undefined, text: string): string {
  const isWildcard = text.startsWith("*.");
  const host = parseHostname(isWildcard ? text.slice(2) : text);
  if (scope && !isInScope(scope, host)) {
    throw modelErrors.NAME_OUT_OF_SCOPE({ host, scope: scope.dns, domain: domainFor(host) });
  }
  if (!isWildcard) return host;
  if (isSuffix(host)) throw pkiErrors.PKI_WILDCARD_TOO_WIDE({ name: `*.${host}`, rest: host });
  return `*.${parseDomain(host)}`;
}

function checkAddress(scope: Scope | undefined, text: string): string {
  const address = parseAddress(text);
  if (!scope || isInScope(scope, address)) return address;
  throw pkiErrors.PKI_ADDRESS_OUT_OF_SCOPE({ address, scope: scope.ip });
}

/** Where a wildcard would stand at the border of what strangers share: RFC 8375 says home.arpa is everybody's. */
function isSuffix(domain: string): boolean {
  return !domain.includes(".") || HOME_SCOPE.dns.includes(domain);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
