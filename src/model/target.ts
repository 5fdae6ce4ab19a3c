/*
 * Where an app listens, as a person writes it: `3000`, `nas:8080`, `https://nas:8443`.
 */
import { modelErrors } from "./errors.ts";
import { isIpAddress, parseHostname } from "./hostname.ts";

export interface Upstream {
  readonly scheme: "http" | "https";
  /** A host name or an address (IPv6 without brackets). */
  readonly host: string;
  readonly port: number;
  /** For https only: take any certificate. Off unless the person says so for this app. */
  readonly insecure: boolean;
}

const FORM = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i;

/** @throws TARGET_INVALID; HOST_INVALID where the host's name is at fault. */
export function parseTarget(text: string, insecure = false): Upstream {
  const refuse = (why: string): never => {
    throw modelErrors.TARGET_INVALID({ target: text, why });
  };
  const [, given, rest = ""] = FORM.exec(text.trim()) ?? [];
  const scheme = given?.toLowerCase() ?? "http";
  if (scheme !== "http" && scheme !== "https") {
    return refuse(`only http:// and https:// can be opened, not ${scheme}://`);
  }
  if (insecure && scheme === "http") return refuse("'insecure' is for https:// targets only");
  const { host, port } = split(rest.replace(/\/$/, ""), refuse);
  const number = port === "" ? defaultPort(given, scheme, refuse) : portOf(port, refuse);
  return { scheme, host: isIpAddress(host) ? host : parseHostname(host), port: number, insecure };
}

/** The one spelling of a target: what status, pages and the configuration show. */
export function formatTarget(upstream: Upstream): string {
  const host = upstream.host.includes(":") ? `[${upstream.host}]` : upstream.host;
  return `${upstream.scheme}://${host}:${upstream.port}`;
}

type Refuse = (why: string) => never;

/** `host:port`, `host`, `port` or `[address]:port`; what is not there is the empty text. */
function split(rest: string, refuse: Refuse): { host: string; port: string } {
  if (rest.includes("@")) return refuse("a target carries no user name or password");
  if (/[/?#]/.test(rest)) return refuse("a target has no path; an app gets a whole name");
  if (/^-?\d+$/.test(rest)) return { host: "localhost", port: rest };
  if (rest.startsWith("[")) {
    const parts = /^\[([^\]]*)\](?::(.*))?$/.exec(rest);
    if (!parts || !isIpAddress(parts[1] ?? ""))
      return refuse("the address in brackets is no IPv6 address");
    return { host: parts[1] ?? "", port: parts[2] ?? "" };
  }
  const colon = rest.indexOf(":");
  if (rest === "" || colon === 0) return refuse("the host is missing");
  if (colon === -1) return { host: rest, port: "" };
  if (rest.indexOf(":", colon + 1) !== -1)
    return refuse("write an IPv6 address in brackets: [::1]:3000");
  return { host: rest.slice(0, colon), port: rest.slice(colon + 1) };
}

function defaultPort(given: string | undefined, scheme: string, refuse: Refuse): number {
  if (given === undefined) return refuse("the port is missing");
  return scheme === "https" ? 443 : 80;
}

function portOf(text: string, refuse: Refuse): number {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65535) return port;
  return refuse(`a port is a number from 1 to 65535, not ${JSON.stringify(text)}`);
}
