/*
 * Host names as the door understands them: lower case, ASCII, without the closing dot.
 * Pure text; no resolver is asked.
 */
import { modelErrors } from "./errors.ts";

/** RFC 1123 section 2.1 and RFC 1035 section 2.3.4: a label is 1 to 63 letters, digits, hyphens, no hyphen at its ends. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 1035 section 2.3.4: 255 octets on the wire, which is 253 characters of text. */
const LONGEST_NAME = 253;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/**
 * A person's host name in its one spelling.
 * @throws HOST_INVALID for what is empty, too long, an address, or not made of letters, digits and hyphens.
 */
export function parseHostname(text: string): string {
  const host = normal(text);
  const refuse = (why: string, instead?: string): never => {
    throw modelErrors.HOST_INVALID({ host: text, why, instead });
  };
  if (host === "") return refuse("it is empty");
  if (isIpAddress(host))
    return refuse("it is an address; https://ADDRESS shows the portal by itself");
  const ascii = asciiOf(host);
  if (ascii !== undefined && ascii !== host) {
    return refuse("names on the wire are plain ASCII", ascii);
  }
  if (host.includes("*"))
    return refuse("every name gets its own certificate; there are no wildcards");
  if (host.length > LONGEST_NAME) return refuse(`it has more than ${LONGEST_NAME} characters`);
  const bad = host.split(".").find((label) => !LABEL.test(label));
  if (bad === undefined) return host;
  return refuse(
    bad === "" ? "it has an empty label" : `the label ${JSON.stringify(bad)} is not allowed`,
  );
}

/**
 * A person's name for an app in its one spelling: a single label.
 * @throws NAME_INVALID
 */
export function parseAppName(text: string): string {
  const name = normal(text);
  const refuse = (why: string, instead?: string): never => {
    throw modelErrors.NAME_INVALID({ name: text, why, instead });
  };
  if (name === "") return refuse("it is empty");
  const ascii = asciiOf(name);
  if (ascii !== undefined && ascii !== name) return refuse("names are plain ASCII", ascii);
  if (name.includes(".")) {
    return refuse("it has a dot (further names go in --host)", name.split(".")[0] || undefined);
  }
  if (/^\d+$/.test(name)) return refuse("it is a number only", `app-${name}`);
  if (!LABEL.test(name))
    return refuse("only letters, digits and inner hyphens are allowed, at most 63");
  if (name === "genkan") return refuse("this is the door's own name");
  if (name === "localhost") return refuse("this name always means the machine itself");
  return name;
}

/** What a `Host` header or an `:authority` says, or undefined where it says nothing usable. RFC 9110 section 7.2. */
export function parseAuthority(
  text: string,
): { host: string; port: number | undefined } | undefined {
  const parts = /^(\[[0-9a-f:.]+\]|[^:@/?#\s]+)(?::(\d{1,5}))?$/i.exec(text);
  if (!parts?.[1]) return undefined;
  const port = parts[2] === undefined ? undefined : Number(parts[2]);
  if (port !== undefined && port > 65535) return undefined;
  const bare = parts[1].startsWith("[") ? parts[1].slice(1, -1) : parts[1];
  const host = normal(bare);
  if (isIpAddress(host)) return { host, port };
  const isName = host.length <= LONGEST_NAME && host.split(".").every((label) => LABEL.test(label));
  return isName ? { host, port } : undefined;
}

/** Whether the text is an IPv4 address in dotted form or an IPv6 address without brackets. */
export function isIpAddress(text: string): boolean {
  return IPV4.test(text) || (text.includes(":") && isIpv6(text));
}

function normal(text: string): string {
  const lower = text.trim().toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

/** The ASCII form (A-labels, RFC 5890) of a name with other letters; undefined where there is none. */
function asciiOf(host: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- exactly the ASCII range is meant
  if (/^[\x00-\x7f]*$/.test(host)) return host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

function isIpv6(text: string): boolean {
  return URL.canParse(`http://[${text}]`);
}
