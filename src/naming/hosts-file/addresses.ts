/*
 * Which addresses stand before the names: what another device can dial, or, in this machine's own
 * hosts file, an address that never changes. At most one of each family. Pure.
 */
import { isIP } from "node:net";
import { rangeHolds } from "../../model/scope.ts";

export interface Listening {
  /** Where the door listens, or will; empty, `0.0.0.0` and `::` mean everywhere. */
  readonly listening: readonly string[];
  /** Of this machine, what other devices can dial, best first (platform/network.ts). */
  readonly shown: readonly string[];
  /** Every address of this machine. */
  readonly own: readonly string[];
}

/** For another device; empty where the door listens on this machine alone, or there is no network. */
export function addressesForClients({ listening, shown }: Listening): readonly string[] {
  if (isEverywhere(listening)) return oneOfEach(shown);
  const asked = listening.filter((address) => !isLoopback(address));
  // The machine's own order of what is best; an address it does not have (yet) comes last.
  return oneOfEach([...shown.filter((address) => asked.includes(address)), ...asked]);
}

/** For this machine itself: loopback where the door listens there, which no move of the network makes wrong. */
export function addressesForThisMachine(where: Listening): readonly string[] {
  const { listening, own } = where;
  const loopback = (isEverywhere(listening) ? own : listening).filter(isLoopback);
  return loopback.length > 0 ? oneOfEach(loopback) : addressesForClients(where);
}

function isEverywhere(listening: readonly string[]): boolean {
  return listening.length === 0 || listening.some((at) => at === "0.0.0.0" || at === "::");
}

function isLoopback(address: string): boolean {
  return address === "::1" || rangeHolds("127.0.0.0/8", address);
}

function oneOfEach(addresses: readonly string[]): readonly string[] {
  return [4, 6].flatMap((family) => addresses.find((address) => isIP(address) === family) ?? []);
}
