/*
 * Where an app listens, as a person writes it: `3000`, `nas:8080`, `https://nas:8443`. Pure; the
 * command line and the configuration both read targets here.
 */
import { modelErrors } from "./errors.ts";
import { canonicalAddress, isIpAddress, parseHostname } from "./hostname.ts";

export interface Upstream {
  readonly scheme: "http" | "https";
  /** A host name or an address (IPv6 without brackets). */
  readonly host: string;
  readonly port: number;
  /** For https only: take any certificate. Off unless the person says so for this app. */
  readonly insecure: boolean;
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
const PORT_ALONE = /^-?\d+(?:\.\d+)?$/;
const HOST_AND_PORT = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::(.*))?$/;

/** What a target is not, read from top to bottom: the first that is found is what the person hears. */
const NO_TARGET: readonly (readonly [found: RegExp, why: string])[] = [
  [/@/, "a target carries no user name or password"],
  [/[/?#\\]/, "a target has no path; an app gets a whole name"],
  [/^[^[]*:[^[]*:/, "write an IPv6 address in brackets: [::1]:3000"],
  [/^(?::|$)/, "the host is missing"],
];

/** @throws TARGET_INVALID; HOST_INVALID where the host's name is at fault. */
export function parseTarget(text: string, insecure = false): Upstream {
  try {
    const { scheme, rest } = schemeOf(text.trim());
    if (insecure && scheme !== "https")
      throw new RefusalError("'insecure' is for https:// targets only");
    if (scheme === undefined && PORT_ALONE.test(rest)) {
      return { scheme: "http", host: "localhost", port: portOf(rest), insecure };
    }
    const { host, port } = hostAndPort(rest);
    return { scheme: scheme ?? "http", host, port: portOf(port ?? impliedPort(scheme)), insecure };
  } catch (thrown) {
    if (!(thrown instanceof RefusalError)) throw thrown;
    throw modelErrors.TARGET_INVALID({ target: text, why: thrown.message }, { cause: thrown });
  }
}

/** The one spelling of a target, scheme and port always there: what status and pages show. */
export function formatTarget(upstream: Upstream): string {
  return `${upstream.scheme}://${authorityOf(upstream)}`;
}

/** The shortest text that parseTarget reads as this upstream (`insecure` aside): what a person would write. */
export function shortTarget(upstream: Upstream): string {
  if (upstream.scheme === "https") return formatTarget(upstream);
  return upstream.host === "localhost" ? String(upstream.port) : authorityOf(upstream);
}

/** Half a sentence on its way to the one catch that knows the whole text. */
class RefusalError extends Error {
  override readonly name = "RefusalError";
}

function authorityOf({ host, port }: Upstream): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function schemeOf(text: string): { scheme: Upstream["scheme"] | undefined; rest: string } {
  const scheme = SCHEME.exec(text)?.[1];
  if (scheme === undefined) return { scheme, rest: text };
  const rest = text.slice(scheme.length + "://".length).replace(/\/$/, "");
  const lower = scheme.toLowerCase();
  if (lower === "http" || lower === "https") return { scheme: lower, rest };
  throw new RefusalError(`only http:// and https:// can be opened, not ${lower}://`);
}

/** Takes `host:port`, `host`, `[address]:port` and `[address]`. */
function hostAndPort(rest: string): { host: string; port: string | undefined } {
  const no = NO_TARGET.find(([found]) => found.test(rest));
  if (no) throw new RefusalError(no[1]);
  const [, bracketed, name, port] = HOST_AND_PORT.exec(rest) ?? [];
  if (name !== undefined) {
    return { host: isIpAddress(name) ? name : parseHostname(name), port };
  }
  if (bracketed?.includes(":") && isIpAddress(bracketed)) {
    return { host: canonicalAddress(bracketed), port };
  }
  throw new RefusalError("what stands in brackets is no IPv6 address");
}

function impliedPort(scheme: Upstream["scheme"] | undefined): string {
  if (scheme === undefined) throw new RefusalError("the port is missing");
  return scheme === "https" ? "443" : "80";
}

function portOf(text: string): number {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65535) return port;
  throw new RefusalError(
    `a port is a number from 1 to 65535, not ${JSON.stringify(text.slice(0, 20))}`,
  );
}
