/*
 * Docker's JSON, read with care: what is not as documented is taken for absent. Pure.
 */
import { isIPv4 } from "node:net";
import type { ContainerSeen, PublishedPort } from "./recognise.ts";

export function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Docker's own choice where nobody made another. */
export const USUAL_GATEWAY = "172.17.0.1";

/**
 * The host's IPv4 address on a network. Docker leaves it out where nobody chose it, and it is then the first of the
 * subnet (libnetwork, ipam). Docker Engine API, NetworkInspect.
 */
export function readGateway(network: unknown): string {
  const configs = readRecord(readRecord(network)["IPAM"])["Config"];
  const all = Array.isArray(configs) ? configs.map(readRecord) : [];
  const at = all.map(({ Gateway, Subnet }) =>
    typeof Gateway === "string" && Gateway !== "" ? Gateway : firstOf(Subnet),
  );
  return at.find((address) => address !== undefined && isIPv4(address)) ?? USUAL_GATEWAY;
}

/** `10.9.0.0/16` -> `10.9.0.1`; a subnet's own address is even, wherever it has room for a gateway. */
function firstOf(subnet: unknown): string | undefined {
  const [, start, last] = /^(\d+\.\d+\.\d+\.)(\d+)\//.exec(String(subnet)) ?? [];
  return start === undefined ? undefined : `${start}${Number(last) + 1}`;
}

/** Docker Engine API, ContainerList. */
export function readContainers(list: unknown): ContainerSeen[] {
  if (!Array.isArray(list)) return [];
  return list.map(readRecord).map((each) => ({
    id: String(each["Id"]),
    name: nameIn(each["Names"]),
    image: String(each["Image"]),
    isRunning: each["State"] === "running",
    created: Number(each["Created"]) || 0,
    labels: labelsIn(each["Labels"]),
    ports: portsIn(each["Ports"]),
  }));
}

function nameIn(names: unknown): string {
  const [first] = Array.isArray(names) ? names : [];
  return String(first ?? "").replace(/^\//, "");
}

function labelsIn(labels: unknown): Record<string, string> {
  const entries = Object.entries(readRecord(labels));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function portsIn(ports: unknown): PublishedPort[] {
  if (!Array.isArray(ports)) return [];
  return ports.map(readRecord).flatMap((each) => {
    const { IP, PublicPort, PrivatePort } = each;
    if (typeof PublicPort !== "number" || typeof PrivatePort !== "number") return [];
    return [
      { address: typeof IP === "string" ? IP : "0.0.0.0", port: PublicPort, inside: PrivatePort },
    ];
  });
}
