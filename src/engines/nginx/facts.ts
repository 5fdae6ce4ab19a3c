/*
 * What the configuration is made from besides the plan: facts of this machine and of this start.
 */
import type { NginxLimits } from "./limits.ts";

/** Major, minor, patch. */
export type Version = readonly [number, number, number];

export interface NginxPaths {
  /** The engine's folder in the state: configuration, leaves, pid. 0700. */
  readonly dir: string;
  /** What the workers must reach: sockets, temporary files, the access log. Theirs alone. */
  readonly run: string;
  readonly config: string;
  readonly shared: string;
  readonly pid: string;
  readonly errorLog: string;
  readonly accessLog: string;
  readonly pagesSocket: string;
  /** Where WebSocket handshakes go. */
  readonly relaySocket: string;
  /** Whom the daemon let in a moment ago, for nginx to remember. */
  readonly gate: string;
  /** Authorities that https apps may be signed by, PEM. */
  readonly trusted: string;
}

export interface Place {
  /** As the ListenSpec has it, IPv6 without brackets. */
  readonly address: string;
  readonly httpsPort: number;
  readonly httpPort: number;
}

export interface NginxFacts {
  readonly version: Version;
  readonly paths: NginxPaths;
  readonly places: readonly Place[];
  readonly limits: NginxLimits;
  /** User and group the workers become; undefined where they stay who started them. */
  readonly workers: { readonly user: string; readonly group: string } | undefined;
  /** How many workers there are. */
  readonly processes: number;
  /** The door's own member of CDN-Loop (RFC 8586). */
  readonly token: string;
  /** Proves to the pages' socket that nginx is asking. */
  readonly secret: string;
  /** Counts configurations: each has a socket of its own on which its workers answer. */
  readonly generation: number;
  /** Addresses of an app's machine by host as written, best first; none where the name leads nowhere. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** The file with the leaf of a name; the empty name stands for this machine's addresses. */
  readonly leafFile: (name: string) => string;
}

export function isAtLeast(version: Version, least: Version): boolean {
  for (const [i, part] of least.entries()) {
    const own = version[i] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
