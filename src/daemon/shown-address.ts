/*
 * The address of this machine that other devices are told.
 */
import { primaryAddress } from "../platform/network.ts";
import type { DoorStatus } from "./control/protocol.ts";

/** Undefined where no other device reaches the door: it listens on loopback only, or there is no network. */
export function shownAddress({ listening }: Pick<DoorStatus, "listening">): string | undefined {
  const open = listening.map(({ address }) => address).filter((address) => !isLoopback(address));
  const first = open[0];
  if (first === undefined) return undefined;
  const isEverywhere = open.includes("::") || open.includes("0.0.0.0");
  return isEverywhere ? primaryAddress() : first;
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
