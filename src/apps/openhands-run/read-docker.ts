/*
 * Docker's JSON, read with care: what is not as documented is taken for absent. Pure.
 */
import type { ContainerSeen, PublishedPort } from "./recognise.ts";

export function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
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
