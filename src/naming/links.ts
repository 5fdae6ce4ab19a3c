/*
 * Where names are announced: the interfaces that lead to the household, each with the addresses the
 * door can be reached by there. Pure over the shape of os.networkInterfaces().
 */
import { isIP } from "node:net";
import { describeAddresses, type Interfaces, type MachineAddress } from "../platform/network.ts";

/** One interface names are announced on. */
export interface Link {
  readonly interfaceName: string;
  /** What names lead to there, in the spelling of the system. */
  readonly addresses: readonly string[];
  /** Networks whose devices are on this link, `10.0.0.1/24`: who else sends here is not answered. */
  readonly networks: readonly string[];
  /** The address that multicast over IPv4 goes out from; undefined where the interface has none. */
  readonly ipv4: string | undefined;
  /** The zone for multicast over IPv6 (RFC 4007): the interface's number, and undefined without IPv6. */
  readonly zone: number | undefined;
}

/** A device with many addresses (temporary ones, RFC 8981) is told this many of each kind at most. */
const MOST_ADDRESSES = 4;

/**
 * @param listen the addresses the door listens on, `::` or `0.0.0.0` for all. An address of a bridge, a
 *   container's cable or a tunnel counts only where it is named; loopback never does.
 */
export function chooseLinks(interfaces: Interfaces, listen: readonly string[]): Link[] {
  const all = describeAddresses(interfaces).filter(({ reach }) => reach !== "loopback");
  const open = all.filter((address) => isOpen(address, listen));
  return [...new Set(open.map(({ interfaceName }) => interfaceName))].map((interfaceName) =>
    linkOf(interfaceName, open, interfaces),
  );
}

function isOpen({ address, isVirtual }: MachineAddress, listen: readonly string[]): boolean {
  if (listen.includes(address)) return true;
  if (isVirtual) return false;
  return listen.includes("::") || (listen.includes("0.0.0.0") && isIP(address) === 4);
}

function linkOf(name: string, open: readonly MachineAddress[], interfaces: Interfaces): Link {
  const infos = interfaces[name] ?? [];
  const ipv6 = infos.find(({ family }) => family === "IPv6");
  const scoped = infos.find((info) => info.family === "IPv6" && info.scopeid > 0);
  return {
    interfaceName: name,
    addresses: announced(open.filter(({ interfaceName }) => interfaceName === name)),
    networks: infos.flatMap(({ cidr }) => (cidr === null ? [] : [cidr])),
    ipv4: infos.find(({ family }) => family === "IPv4")?.address,
    zone: scoped?.family === "IPv6" ? scoped.scopeid : ipv6 && 0,
  };
}

/** Browsers cannot use link-local addresses over IPv6 (they need a zone), so these are the last resort. */
function announced(addresses: readonly MachineAddress[]): string[] {
  const far = addresses.filter(({ reach }) => reach !== "link-local");
  const chosen = (far.length > 0 ? far : addresses).map(({ address }) => address);
  const of = (family: 4 | 6): string[] =>
    chosen.filter((address) => isIP(address) === family).slice(0, MOST_ADDRESSES);
  return [...of(4), ...of(6)];
}
