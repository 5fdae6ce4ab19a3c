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
import { tlsOptions } from "./tls-options.ts";

export interface CertificatesWiring {
  readonly leaves: LeafSource;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the plan has this name. */
  readonly isName: (host: string) => boolean;
}

export interface Certificates {
  /** Options of the TLS server; it starts without a certificate, `defaultOptions` brings it. */
  readonly options: SecureContextOptions;
  /**
   * The context for a name asked for; undefined (the default context) where it is none of ours.
   * @throws what the LeafSource throws, and an error where its leaf has expired.
   */
  contextFor(serverName: string): Promise<SecureContext | undefined>;
  /** What the default context must be made of if it is to change now; undefined while it is right. */
  defaultOptions(): Promise<SecureContextOptions | undefined>;
  /** Forgets contexts of names that left the plan. */
  prune(): void;
}

export function createCertificates({
  leaves,
  clock,
  log,
  isName,
}: CertificatesWiring): Certificates {
  const options = tlsOptions();
  const contexts = new Map<string, { id: string; context: SecureContext }>();
  let servedByDefault: ServedLeaf | undefined;

  function refuseExpired(leaf: ServedLeaf): void {
    if (leaf.notAfter <= clock.now()) throw new Error("the certificate has expired");
  }
  async function addressLeaf(): Promise<ServedLeaf | undefined> {
    try {
      const leaf = await leaves.leafForAddresses();
      refuseExpired(leaf);
      return leaf;
    } catch (thrown) {
      log.error("leaf.unavailable", { name: "this machine's addresses", why: messageOf(thrown) });
      const isGood = servedByDefault !== undefined && servedByDefault.notAfter > clock.now();
      return isGood ? servedByDefault : undefined;
    }
  }
  return {
    options,
    async contextFor(serverName) {
      const name = parseAuthority(serverName)?.host;
      if (name === undefined || !isName(name)) return undefined;
      const leaf = await leaves.leafFor(name);
      refuseExpired(leaf);
      const kept = contexts.get(name);
      if (kept?.id === leaf.id) return kept.context;
      const context = createSecureContext({ ...options, cert: leaf.certPem, key: leaf.keyPem });
      contexts.set(name, { id: leaf.id, context });
      return context;
    },
    async defaultOptions() {
      const leaf = await addressLeaf();
      if (leaf?.id === servedByDefault?.id) return undefined;
      servedByDefault = leaf;
      // Without a good leaf the default context has none: a failed handshake is better than an expired certificate.
      return leaf ? { ...options, cert: leaf.certPem, key: leaf.keyPem } : options;
    },
    prune() {
      for (const name of contexts.keys()) if (!isName(name)) contexts.delete(name);
    },
  };
}
