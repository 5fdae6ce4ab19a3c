/*
 * Which certificate a handshake gets: by SNI for names of the plan, else the one for this machine's
 * addresses. The LeafSource is asked at every handshake, so that a machine that slept never serves an
 * expired one; only the TLS contexts made from its leaves are kept.
 */
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { Clock } from "../../kernel/clock.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { parseAuthority } from "../../model/hostname.ts";
import type { LeafSource, ServedLeaf } from "../needs.ts";
import type { TlsOptions } from "./tls-options.ts";

export interface CertificatesWiring {
  readonly leaves: LeafSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly tls: TlsOptions;
  /** Whether the plan has this name. */
  readonly isName: (host: string) => boolean;
}

export interface Certificates {
  /**
   * The context for a name asked for; undefined (the default context) where it is none of ours.
   * @throws what the LeafSource throws, and an error where its leaf has expired.
   */
  contextFor(serverName: string): Promise<SecureContext | undefined>;
  /** Brings the default context up to date, through `use` where it has to change. Never rejects. */
  refreshDefault(use: (options: SecureContextOptions) => void): Promise<void>;
  /** Forgets contexts of names that left the plan. */
  prune(): void;
}

export function createCertificates(wiring: CertificatesWiring): Certificates {
  const { leaves, clock, isName } = wiring;
  const contexts = new Map<string, Made & { context: SecureContext }>();
  return {
    refreshDefault: createDefaultRefresher(wiring),
    async contextFor(serverName) {
      const name = parseAuthority(serverName)?.host;
      if (name === undefined || !isName(name)) return undefined;
      const leaf = unexpired(await leaves.leafFor(name), clock);
      const options = wiring.tls.current();
      const kept = contexts.get(name);
      if (kept?.id === leaf.id && kept.options === options) return kept.context;
      const context = createSecureContext(withLeaf(options, leaf));
      contexts.set(name, { id: leaf.id, options, context });
      return context;
    },
    prune() {
      for (const name of contexts.keys()) if (!isName(name)) contexts.delete(name);
    },
  };
}

/** What a context was made from; it is right as long as both stay. */
interface Made {
  readonly id: string | undefined;
  readonly options: SecureContextOptions;
}

/** How the log names what has no name. */
const ADDRESSES = "this machine's addresses";

function createDefaultRefresher(wiring: CertificatesWiring): Certificates["refreshDefault"] {
  const { leaves, clock, log, tls } = wiring;
  let made: Made | undefined;
  let served: ServedLeaf | undefined;

  async function currentLeaf(): Promise<ServedLeaf | undefined> {
    try {
      return unexpired(await leaves.leafForAddresses(), clock);
    } catch (thrown) {
      log.error("leaf.unavailable", { name: ADDRESSES, why: messageOf(thrown) });
      return served !== undefined && served.notAfter > clock.now() ? served : undefined;
    }
  }
  return async (use) => {
    const leaf = await currentLeaf();
    const options = tls.current();
    if (made?.options === options && made.id === leaf?.id) return;
    try {
      // Without a good leaf the context has none: a failed handshake is better than an expired certificate.
      use(leaf ? withLeaf(options, leaf) : options);
      made = { id: leaf?.id, options };
      served = leaf;
    } catch (thrown) {
      log.error("leaf.unusable", { name: ADDRESSES, why: messageOf(thrown) });
    }
  };
}

function withLeaf(options: SecureContextOptions, leaf: ServedLeaf): SecureContextOptions {
  return { ...options, cert: leaf.certPem, key: leaf.keyPem };
}

function unexpired(leaf: ServedLeaf, clock: Clock): ServedLeaf {
  if (leaf.notAfter <= clock.now()) throw new Error("the certificate has expired");
  return leaf;
}
