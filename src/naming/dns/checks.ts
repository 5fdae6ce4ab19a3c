/*
 * How to tell that the DNS mode is well: the door answers for its zone, and the network's resolver
 * passes the zone on. Only where the configuration has a zone.
 */
import type { Check, Finding } from "../../kernel/check.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { Place } from "./ask.ts";

export interface DnsChecksNeeds {
  readonly zone: string;
  /** A name of the zone. */
  readonly name: string;
  /** Where the door should answer DNS. */
  readonly places: readonly Place[];
  /** The addresses a place knows for a name. Rejects where it does not answer. */
  readonly ask: (at: Place, name: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** The addresses this machine's own resolver knows for a name; none where it knows none. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
}

export function dnsChecks(needs: DnsChecksNeeds): Check[] {
  return [
    {
      id: "dns.answers",
      title: "The door answers DNS for its zone",
      dependsOn: ["door.open"],
      look: (signal) => lookAtDoor(needs, signal),
    },
    {
      id: "dns.passed-on",
      title: "The network's resolver passes on the names of the zone",
      dependsOn: ["dns.answers"],
      look: (signal) => lookAtResolver(needs, signal),
    },
  ];
}

async function lookAtDoor(
  { places, name, ask }: DnsChecksNeeds,
  signal: AbortSignal,
): Promise<Finding> {
  if (places.length === 0) return { state: "unknown", why: "this machine is on no network" };
  for (const at of places) {
    const where = `${at.address} port ${at.port}`;
    try {
      if ((await ask(at, name, within(signal))).length > 0) continue;
      const says = `What answers DNS on ${where} does not know ${name}: it is not this door.`;
      return unwell(says, WHO_HAS_IT, lookFor(at.port));
    } catch (thrown) {
      const says = `The door does not answer DNS on ${where} (${messageOf(thrown)}).`;
      return unwell(says, WHO_HAS_IT, lookFor(at.port));
    }
  }
  return { state: "well", note: places.map(({ address }) => address).join(", ") };
}

const WHO_HAS_IT =
  "See who has the port, and give it to the door or choose another under dns in genkan.yaml";

function lookFor(port: number): string {
  return `sudo ss -lntup 'sport = :${port}'`;
}

/**
 * The symptom of DNS-rebinding protection: the door knows the name, the network's resolver says there
 * is no such name or no address, as it drops answers that lead into the home.
 */
async function lookAtResolver(
  { zone, name, places, ask, resolve }: DnsChecksNeeds,
  signal: AbortSignal,
): Promise<Finding> {
  const [at] = places;
  if (!at) return { state: "unknown", why: "this machine is on no network" };
  const [ours, theirs] = await Promise.all([ask(at, name, within(signal)), resolve(name)]);
  if (theirs.some((address) => ours.includes(address))) return { state: "well" };
  if (theirs.length > 0) {
    const says = `${name} leads to ${theirs.join(", ")} for this network's resolver, and not to this door.`;
    return unwell(says, `Look who else answers for ${zone}`, `dig ${name}`);
  }
  return unwell(
    `The door knows ${name}, and this network's resolver does not: the router does not ask the door, or drops its answers because they lead to addresses at home.`,
    routerHints(zone, at.address),
  );
}

/** What it is called where people look for it. */
function routerHints(zone: string, address: string): string {
  return [
    `In the router, pass ${zone} on to ${address}, and allow it to lead to addresses at home.`,
    `dnsmasq, OpenWrt, Pi-hole: server=/${zone}/${address} and rebind-domain-ok=/${zone}/ ("DNS forwardings", "Domain whitelist").`,
    `Unbound, OPNsense, pfSense: a forward zone (or "Domain Overrides") and private-domain: "${zone}".`,
    `FRITZ!Box: Home Network > Network > Network Settings > DNS Rebind Protection: ${zone} among the exceptions; it passes no zones on, so use a hosts file: genkan hosts --print`,
    `AdGuard Home: [/${zone}/]${address} among the upstream servers.`,
  ].join("\n");
}

/** Milliseconds a server of this network may take. */
const PATIENCE = 2_000;

function within(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
}

/** Low: the names that need no zone work all the same. */
function unwell(says: string, fix: string, command?: string): Finding {
  const way = command === undefined ? { says: fix } : { says: fix, command };
  return { state: "unwell", severity: "low", says, fix: way };
}
