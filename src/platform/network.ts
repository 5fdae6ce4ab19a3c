/*
 * The addresses of this machine: all of them for certificates, the ones worth showing for people,
 * and a watch on them, since networks move. Choosing is pure over the shape of os.networkInterfaces().
 */
import { isIP } from "node:net";
import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";
import type { Clock } from "../kernel/clock.ts";

/** What os.networkInterfaces() gives: interfaces that are up, with their addresses. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

export interface MachineAddress {
  /** Without a scope (`%eth0`). */
  readonly address: string;
  readonly interfaceName: string;
  readonly reach: "loopback" | "link-local" | "private" | "public";
  /** A bridge, tunnel or cable between programs of this machine: no device of the household is on it. */
  readonly isVirtual: boolean;
}

/** Every address of every interface that is up, loopback and link-local included; each once. At most a second old. */
export function machineAddresses(interfaces: Interfaces = recentInterfaces()): string[] {
  return [...new Set(describeAddresses(interfaces).map(({ address }) => address))];
}

/** Milliseconds: addresses are asked for at every handshake, and asking the system each time costs a sixth of one. */
const RECENT = 1000;
let recent: { readonly at: number; readonly interfaces: Interfaces } | undefined;

/** os.networkInterfaces(), at most a second old. */
export function recentInterfaces(): Interfaces {
  const now = performance.now();
  if (recent === undefined || now - recent.at > RECENT) {
    recent = { at: now, interfaces: networkInterfaces() };
  }
  return recent.interfaces;
}

/** The addresses a person could type on another device, best first. */
export function shownAddresses(interfaces: Interfaces = networkInterfaces()): string[] {
  return describeAddresses(interfaces)
    .filter(({ reach }) => reach === "private" || reach === "public")
    .map((address, order) => ({ address: address.address, rank: rankOf(address), order }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ address }) => address);
}

/** The best address to show to people on the same network; undefined where there is no network. */
export function primaryAddress(interfaces: Interfaces = networkInterfaces()): string | undefined {
  return shownAddresses(interfaces)[0];
}

/** Tells of the machine's addresses whenever they have changed. @returns ends the watch. */
export const watchAddresses = watcherOf(machineAddresses);

/** A watch on what `look` gives, in whatever order it comes. */
export function watcherOf(look: () => string[]) {
  return (clock: Clock, everyMs: number, onChange: (now: string[]) => void): (() => void) => {
    let before = look().toSorted().join(" ");
    return clock.every(everyMs, () => {
      const now = look();
      const sorted = now.toSorted().join(" ");
      if (sorted === before) return;
      before = sorted;
      onChange(now);
    });
  };
}

/** All addresses with what can be told from them. */
export function describeAddresses(interfaces: Interfaces): MachineAddress[] {
  return Object.entries(interfaces).flatMap(([interfaceName, infos = []]) =>
    infos.map(({ address, internal }) => {
      const bare = address.replace(/%.*$/, "");
      return {
        address: bare,
        interfaceName,
        reach: internal ? "loopback" : reachOf(bare),
        isVirtual: isVirtual(interfaceName),
      } as const;
    }),
  );
}

/** RFC 1918, RFC 6598 (shared addresses: Tailscale), RFC 3927, RFC 4193 (fc00::/7), RFC 4291 (fe80::/10). */
const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/i;
const LINK_LOCAL = /^(?:169\.254\.|fe[89ab])/i;

function reachOf(address: string): "link-local" | "private" | "public" {
  if (LINK_LOCAL.test(address)) return "link-local";
  return PRIVATE.test(address) ? "private" : "public";
}

/** A word for each of those who name interfaces that lead to no household: containers, virtual machines, VPNs. */
const VIRTUAL =
  /^(?:docker|br-[0-9a-f]{12}|veth|virbr|vmnet|vboxnet|vEthernet|cni|flannel|cali|podman|lxc|lxd|incus|bridge\d{3}|tun|tap|wg|utun|tailscale|zt|zerotier|virtualbox|vmware|ifb|dummy|awdl|llw)/i;

function isVirtual(interfaceName: string): boolean {
  return VIRTUAL.test(interfaceName);
}

/** Lower is better: a real interface before any other thing, IPv4 before IPv6, private before public. */
function rankOf({ address, reach, isVirtual: virtual, interfaceName }: MachineAddress): number {
  const wireless = /^(?:wl|wi-?fi)/i.test(interfaceName) ? 1 : 0; // the cable moves less
  return (
    (virtual ? 8 : 0) + (isIP(address) === 6 ? 4 : 0) + (reach === "public" ? 2 : 0) + wireless
  );
}
