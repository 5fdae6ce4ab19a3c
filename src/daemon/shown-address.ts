/*
 * The address of this machine that other devices are told.
 */
import type { ListenSpec } from "../engines/engine.ts";
import { type Plan, PORTAL_HOSTS, portalHost } from "../model/plan.ts";
import { isLoopback } from "../model/source.ts";
import { primaryAddress } from "../platform/network.ts";
import type { DoorPlace } from "../portal/needs.ts";
import type { DoorStatus } from "./control/protocol.ts";

/** Undefined where no other device reaches the door: it listens on loopback only, or there is no network. */
export function shownAddress({ listening }: Pick<DoorStatus, "listening">): string | undefined {
  const open = listening.map(({ address }) => address).filter((address) => !isLoopback(address));
  const first = open[0];
  if (first === undefined) return undefined;
  const isEverywhere = open.includes("::") || open.includes("0.0.0.0");
  return isEverywhere ? primaryAddress() : first;
}

/** Where any device of the network finds the first page: over plain http and by address, which needs neither trust nor names. */
export function plainOriginOf({ listening }: Pick<DoorStatus, "listening">): string | undefined {
  const address = shownAddress({ listening });
  const port = listening.find(({ secure }) => !secure)?.port;
  return address === undefined || port === undefined ? undefined : originOf("http", address, port);
}

/**
 * Where other devices find the door's own pages.
 * @param plan says the portal's name: another one stands in where another machine has its own.
 */
export function placeOf(
  { addresses, httpPort, httpsPort }: ListenSpec,
  plan: Plan | undefined,
): DoorPlace {
  const listening = addresses.map((address) => ({ address, port: httpPort, secure: false }));
  return {
    plainOrigin: plainOriginOf({ listening }),
    secureOrigin: originOf("https", plan ? portalHost(plan) : PORTAL_HOSTS[0], httpsPort),
  };
}

/** An origin as browsers write it (RFC 6454 section 6.2): IPv6 in brackets, without the scheme's own port. */
export function originOf(scheme: "http" | "https", host: string, port: number): string {
  const isUsual = port === (scheme === "https" ? 443 : 80);
  const name = host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${name}${isUsual ? "" : `:${port}`}`;
}
