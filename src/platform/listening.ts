/*
 * The ports of this machine on which something listens, for "what I found listening" and "your app
 * is also reachable around the door".
 */
import { printable } from "../kernel/printable.ts";
import type { Listener } from "./listener.ts";
import { type Hands, readListeners } from "./listeners.ts";

export interface ListeningPort {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Nobody but this machine itself can reach it. */
  readonly isLocalOnly: boolean;
  /** Undefined where it belongs to another user. */
  readonly pid: number | undefined;
  /** Safe to show on a terminal. */
  readonly program: string | undefined;
}

/**
 * TCP ports others listen on (this process's own left out), in order.
 * @throws ProgramFailedError where the system's own tool does not work.
 */
export async function listListening(hands: Hands): Promise<ListeningPort[]> {
  const listeners = await readListeners(hands);
  return groupByPort(listeners.filter(({ pid }) => pid !== process.pid));
}

/** One entry for a port and the process behind it: two programs may share a port on different addresses. */
function groupByPort(listeners: readonly Listener[]): ListeningPort[] {
  const groups = new Map<string, Listener[]>();
  for (const listener of listeners) {
    const key = `${listener.port} ${listener.pid ?? "?"}`;
    groups.set(key, [...(groups.get(key) ?? []), listener]);
  }
  return [...groups.values()]
    .flatMap(describeGroup)
    .sort((a, b) => a.port - b.port || (a.pid ?? 0) - (b.pid ?? 0));
}

function describeGroup(group: readonly Listener[]): ListeningPort[] {
  const [first] = group;
  if (!first) return [];
  const addresses = [...new Set(group.map(({ address }) => address))].sort();
  return [
    {
      port: first.port,
      addresses,
      isLocalOnly: addresses.every(isLoopback),
      pid: first.pid,
      program: first.program === undefined ? undefined : printable(first.program, 40),
    },
  ];
}

/** RFC 1122 section 3.2.1.3 (127/8) and RFC 4291 section 2.5.3 (::1). */
function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
