/*
 * Host names and addresses as the door understands them: lower case, ASCII, without the closing
 * dot. Pure text; no resolver is asked. Everything that reads a name, from a file, a command line or
 * a stranger's request, reads it here, so that one name has one spelling everywhere.
 */
import { modelErrors } from "./errors.ts";

/** RFC 1123 section 2.1 and RFC 1035 section 2.3.4: a label is 1 to 63 letters, digits, hyphens, no hyphen at its ends. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 1035 section 2.3.4: 255 octets on the wire, which is 253 characters of text. */
const LONGEST_NAME = 253;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** What an IPv6 address may be written with; the URL parser then judges the form. */
const IPV6_LETTERS = /^[0-9a-f.]*:[0-9a-f:.]*$/i;
/** WHATWG URL, "ends in a number checker": browsers and resolvers take such a name for an IPv4 address. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;
const ASCII = /^[\u0020-\u007e]*$/;

/**
 * A person's host name in its one spelling.
 * @throws HOST_INVALID for what is empty, too long, an address, or not made of letters, digits and hyphens.
 */
export function parseHostname(text: string): string {
  const host = normal(text);
  const why = whyNoHostname(host);
  if (why === undefined) return host;
  throw modelErrors.HOST_INVALID({ host: text, why, instead: nearestName(host) });
}

/**
 * A person's name for an app in its one spelling: a single label.
 * @throws NAME_INVALID
 */
export function parseAppName(text: string): string {
  const name = normal(text);
  const why = whyNoAppName(name);
  if (why === undefined) return name;
  const near = nearestName(/^\d+$/.test(name) ? `app-${name}` : name.replace(/\..*/s, ""));
  const instead = near !== undefined && whyNoAppName(near) === undefined ? near : undefined;
  throw modelErrors.NAME_INVALID({ name: text, why, instead });
}

/**
 * An address in its one spelling (RFC 5952 for IPv6), without brackets.
 * @throws ADDRESS_INVALID
 */
export function parseAddress(text: string): string {
  const bare = text.trim().replace(/^\[(.*)\]$/, "$1");
  if (isIpAddress(bare)) return canonicalAddress(bare);
  throw modelErrors.ADDRESS_INVALID({ address: text });
}

/**
 * What a `Host` header or an `:authority` says, or undefined where it says nothing usable: spaces,
 * control characters, user names and half-written addresses are nobody's name. RFC 9110 section 7.2.
 */
export function parseAuthority(
  text: string,
): { host: string; port: number | undefined } | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?$/i.exec(text);
  if (!parts) return undefined;
  const [, bracketed, name, digits] = parts;
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && port > 65535) return undefined;
  const host = bracketed === undefined ? hostOf(String(name)) : ipv6Of(bracketed);
  return host === undefined ? undefined : { host, port };
}

/** Whether the text is an IPv4 address in dotted form or an IPv6 address without brackets. */
export function isIpAddress(text: string): boolean {
  return IPV4.test(text) || isIpv6(text);
}

/** The one spelling of what isIpAddress takes. */
export function canonicalAddress(address: string): string {
  return ipv6Of(address) ?? address;
}

function ipv6Of(text: string): string | undefined {
  return isIpv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : undefined;
}

function isIpv6(text: string): boolean {
  return IPV6_LETTERS.test(text) && URL.canParse(`http://[${text}]`);
}

function hostOf(text: string): string | undefined {
  const host = normal(text);
  return IPV4.test(host) || whyNoHostname(host) === undefined ? host : undefined;
}

function normal(text: string): string {
  const lower = text.trim().toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

type Reason = readonly [applies: (host: string) => boolean, why: string];

/** Read from top to bottom: the first that applies is what the person hears. */
const NO_HOSTNAME: readonly Reason[] = [
  [(host) => host === "", "it is empty"],
  [isIpAddress, "it is an address; https://ADDRESS shows the portal by itself"],
  [(host) => !ASCII.test(host), "names on the wire are plain ASCII"],
  [(host) => host.includes("*"), "every name gets its own certificate; there are no wildcards"],
  [(host) => host.length > LONGEST_NAME, `it has more than ${LONGEST_NAME} characters`],
  [(host) => host.split(".").includes(""), "it has an empty label"],
  [
    (host) => host.split(".").some((label) => !LABEL.test(label)),
    "a label is 1 to 63 letters, digits and inner hyphens",
  ],
  [
    (host) => ENDS_IN_NUMBER.test(host),
    "its last label is a number, so programs take it for an address",
  ],
];

const NO_APP_NAME: readonly Reason[] = [
  [(name) => name === "", "it is empty"],
  [(name) => !ASCII.test(name), "names on the wire are plain ASCII"],
  [
    (name) => name.includes("."),
    "it has a dot (further names go in --host, or under hosts in the file)",
  ],
  [(name) => /^\d+$/.test(name), "it is a number only"],
  [(name) => !LABEL.test(name), "it is not 1 to 63 letters, digits and inner hyphens"],
  [(name) => name === "genkan", "this is the door's own name"],
  [(name) => name === "localhost", "this name always means the machine itself"],
];

function whyNoHostname(host: string): string | undefined {
  return NO_HOSTNAME.find(([applies]) => applies(host))?.[1];
}

function whyNoAppName(name: string): string | undefined {
  return NO_APP_NAME.find(([applies]) => applies(name))?.[1];
}

/** A name that is allowed and near: A-labels (RFC 5890) for other letters, hyphens for what may not be there. */
function nearestName(host: string): string | undefined {
  const plain = host.replace(/[_\s]+/g, "-");
  // Only letters of other scripts may differ: the URL parser would make a name of `x@evil.example/y` too.
  if (!/^[a-z0-9.\u0080-\uffff-]*$/.test(plain)) return undefined;
  const url = `http://${plain}`;
  const name = ASCII.test(plain) || !URL.canParse(url) ? plain : new URL(url).hostname;
  return whyNoHostname(name) === undefined ? name : undefined;
}
