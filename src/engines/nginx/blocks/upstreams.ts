/*
 * Where apps listen: one pool of kept connections each. Names were looked up by the daemon, because an
 * nginx that cannot look one up does not start.
 */
import type { Plan } from "../../../model/plan.ts";
import { isLoopback } from "../../../model/source.ts";
import type { Upstream } from "../../../model/target.ts";
import { block, directive } from "../directives.ts";
import { isAtLeast, type NginxFacts } from "../facts.ts";
import { endpoint } from "./http.ts";

/** Kept connections per worker and app. */
const KEPT = 32;

export function upstreams(plan: Plan, facts: NginxFacts): string[] {
  return plan.apps.flatMap(({ name, upstream }) => {
    const addresses = addressesOf(upstream, facts);
    if (addresses.length === 0) return [];
    const servers = inTurn(addresses).map((address, i) => {
      const backup = i === 0 ? [] : ["backup"]; // asked only when those before it do not answer
      return directive("server", endpoint(address, upstream.port), "max_fails=0", ...backup);
    });
    // Less than the 5 seconds after which apps made with Node give up an unused connection.
    const kept = [directive("keepalive", KEPT), directive("keepalive_timeout", "4s")];
    return [
      block(["upstream", poolOf(name)], [...servers, ...kept]),
      block(["upstream", oncePoolOf(name)], [...servers, ...keptNever(facts)]),
    ];
  });
}

/**
 * Where a kept connection has just ended, nginx asks the next address and not the same again. An app of this
 * machine mostly listens at one of two: it is asked there once more.
 */
function inTurn(addresses: readonly string[]): readonly string[] {
  const [first, ...others] = addresses;
  const isHere = first !== undefined && isLoopback(first);
  return isHere && others.length > 0 ? [first, first, ...others] : addresses;
}

export function addressesOf(upstream: Upstream, facts: NginxFacts): readonly string[] {
  return facts.addresses.get(upstream.host) ?? [];
}

/** The name of an app's pool; app names are single labels. */
export function poolOf(app: string): string {
  return `app_${app}`;
}

/** The pool for what no other request may follow on the same connection. */
export function oncePoolOf(app: string): string {
  return `once_${app}`;
}

/** From 1.29.7 on nginx keeps connections unless told. */
function keptNever({ version }: NginxFacts): string[] {
  return isAtLeast(version, [1, 29, 7]) ? [directive("keepalive", 0)] : [];
}

export const PAGES_POOL = "genkan_pages";

export const RELAY_POOL = "genkan_relay";

/** For apps whose machine has no address: visitors who may open it hear of that, and nobody else. */
export const NOWHERE = "genkan_nowhere";

/** Where the daemon listens: for its pages, and for WebSockets, each on a connection of its own. */
export function daemonPools({ paths }: NginxFacts): string[] {
  const at = (path: string): string => directive("server", `unix:${path}`, "max_fails=0");
  return [
    block(["upstream", PAGES_POOL], [at(paths.pagesSocket), directive("keepalive", 4)]),
    block(["upstream", RELAY_POOL], [at(paths.relaySocket)]),
    block(["upstream", NOWHERE], [directive("server", "127.0.0.1:9", "down")]),
  ];
}
