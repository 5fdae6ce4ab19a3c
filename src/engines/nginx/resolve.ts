/*
 * Names of apps' machines -> addresses. nginx looks names up only when it starts, and does not start with
 * one that is unknown; so the engine looks, and looks again.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Plan } from "../../model/plan.ts";

/** Both loopback addresses: apps listen on either, and `localhost` is what a person writes. */
const LOOPBACK = ["127.0.0.1", "::1"];

/** By host as the plan has it, best first; none for a name that leads nowhere. */
export async function addressesFor(plan: Plan): Promise<Map<string, readonly string[]>> {
  const hosts = [...new Set(plan.apps.map((app) => app.upstream.host))];
  return new Map(
    await Promise.all(hosts.map(async (host) => [host, await addressesOf(host)] as const)),
  );
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host)) return [host];
  if (host === "localhost" || host.endsWith(".localhost")) return LOOPBACK; // RFC 6761 section 6.3
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (thrown) {
    if (thrown instanceof Error) return []; // the page for the app says so
    throw thrown;
  }
}
