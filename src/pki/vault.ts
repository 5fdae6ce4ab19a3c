/*
 * The leaves the door serves: one for every name of the plan, made at the first handshake that
 * needs it, and one for the machine's addresses. An engine asks at every handshake (its LeafSource),
 * so a leaf that is fresh costs a look-up and a comparison of times.
 *
 * Strangers choose the names asked for here (SNI): what is not in the plan leaves no trace.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Running } from "../kernel/lifecycle.ts";
import { isInScope } from "../model/scope.ts";
import { pkiErrors } from "./errors.ts";
import type { IssuedLeaf } from "./issue.ts";
import { createKeptLeaf, type KeptLeaf } from "./kept-leaf.ts";
import { createLeafFiles, type LeafFilesSpec } from "./leaf-files.ts";
import type { DoorNames } from "./needs.ts";
import { checkRequest, type LeafRequest } from "./rules.ts";

export interface LeafVault extends Running {
  /**
   * The leaf for one name the door answers for, valid by the wall clock at this moment.
   * @throws PKI_NAME_NOT_SERVED, and what Authority.issue throws where no valid leaf is left
   */
  leafFor(name: string): Promise<IssuedLeaf>;
  /** The leaf for connections that name nobody: this machine's addresses in scope, and the loopback ones. */
  leafForAddresses(): Promise<IssuedLeaf>;
  /** Ends when every renewal under way is on disk. */
  stop(): Promise<void>;
}

export interface VaultSpec extends DoorNames, LeafFilesSpec {
  readonly clock: Clock;
}

const LOOPBACK = ["127.0.0.1", "::1"];

export function createLeafVault(spec: VaultSpec): LeafVault {
  const { scope } = spec.authority;
  const files = createLeafFiles(spec);
  const byName = new Map<string, KeptLeaf>();
  const forAddresses = createKeptLeaf({ ...spec, files });

  function keptFor(host: string): KeptLeaf {
    const kept = byName.get(host) ?? createKeptLeaf({ ...spec, files });
    byName.set(host, kept);
    return kept;
  }

  let known: { readonly addresses: string; readonly wanted: LeafRequest } | undefined;

  /** Sorting out the addresses takes longer than asking for them, so it is done when they change. */
  function addressesWanted(): LeafRequest {
    const all = spec.addresses();
    const addresses = all.join(" ");
    if (known?.addresses === addresses) return known.wanted;
    const own = all.filter((address) => isInScope(scope, address));
    known = { addresses, wanted: checkRequest(scope, { ips: [...LOOPBACK, ...own] }) };
    return known.wanted;
  }

  return {
    async leafFor(name) {
      const host = name.toLowerCase();
      if (!spec.allowed(host)) {
        byName.delete(host); // the name left the plan
        throw pkiErrors.PKI_NAME_NOT_SERVED({ name });
      }
      const wanted = checkRequest(scope, { dns: [host] });
      return keptFor(host).current(wanted);
    },
    async leafForAddresses() {
      return forAddresses.current(addressesWanted());
    },
    async stop() {
      await Promise.all([...byName.values(), forAddresses].map((kept) => kept.settled()));
      await files.settled();
    },
  };
}
