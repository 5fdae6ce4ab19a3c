/*
 * Where a port of a container is reached from this machine: published, or at its address in a network this machine
 * is on. Pure over the machine's interfaces. Nothing else is ever dialled for a container.
 */
import { BlockList, isIPv4 } from "node:net";
import { describeAddresses, type Interfaces } from "../platform/network.ts";
import type { Container } from "./container.ts";

export type Reach = { readonly host: string; readonly port: number } | { readonly why: string };

/** A published port first: it stays when the container's address changes. */
export function reachOf(container: Container, port: number, interfaces: Interfaces): Reach {
  const published = publishedOf(container, port, interfaces);
  if (published) return published;
  const { networkMode, addresses } = container;
  if (networkMode === "host") return { host: "127.0.0.1", port };
  const near = addresses.find((address) => isIPv4(address) && isNear(address, interfaces));
  if (near !== undefined) return { host: near, port };
  return { why: whyNot(container) };
}

function publishedOf(
  { ports }: Container,
  port: number,
  interfaces: Interfaces,
): Reach | undefined {
  const own = new Set(describeAddresses(interfaces).map(({ address }) => address));
  for (const { port: inner, hostAddress, hostPort } of ports) {
    if (inner !== port || hostPort === undefined || hostAddress === undefined) continue;
    if (hostAddress === "0.0.0.0") return { host: "127.0.0.1", port: hostPort };
    if (hostAddress === "::") return { host: "::1", port: hostPort };
    if (own.has(hostAddress) || hostAddress.startsWith("127."))
      return { host: hostAddress, port: hostPort };
  }
  return undefined;
}

/** In a network of a bridge of this machine. */
function isNear(address: string, interfaces: Interfaces): boolean {
  const networks = new BlockList();
  for (const { cidr, family, internal } of Object.values(interfaces).flatMap(
    (each) => each ?? [],
  )) {
    const [base, bits] = cidr?.split("/") ?? [];
    if (base !== undefined && family === "IPv4" && !internal)
      networks.addSubnet(base, Number(bits));
  }
  return networks.check(address);
}

function whyNot({ networkMode, addresses }: Container): string {
  if (networkMode === "none") return "it has no network and publishes nothing";
  if (networkMode.startsWith("container:"))
    return "it shares the network of another container, which has to publish the port";
  if (addresses.length === 0)
    return "it has no address on this machine and does not publish the port";
  return "it is only in networks this machine is not on, and does not publish the port";
}
