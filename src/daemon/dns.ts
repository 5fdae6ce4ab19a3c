/*
 * The DNS mode at an open door, and what doctor asks of it: which names, which addresses.
 */
import { lookup } from "node:dns/promises";
import type { ListenSpec } from "../engines/engine.ts";
import type { Check } from "../kernel/check.ts";
import type { Clock } from "../kernel/clock.ts";
import { codeOf } from "../kernel/errors.ts";
import type { Log } from "../kernel/log.ts";
import type { Plan } from "../model/plan.ts";
import type { DnsSettings } from "../model/settings.ts";
import { askDns } from "../naming/dns/ask.ts";
import { dnsChecks } from "../naming/dns/checks.ts";
import { type DnsAddresses, type DnsMode, startDnsMode } from "../naming/dns/mode.ts";
import { shownAddresses } from "../platform/network.ts";

export interface DnsSpec {
  readonly listen: Pick<ListenSpec, "addresses">;
  readonly plan: () => Plan;
  readonly clock: Clock;
  readonly log: Log;
  /** A remark for the person who watches. */
  readonly note: (text: string) => void;
}

export async function startDns(dns: DnsSettings, spec: DnsSpec): Promise<DnsMode> {
  const { plan, listen, clock, log } = spec;
  let seen: Plan | undefined;
  let hosts: readonly string[] = [];
  const mode = await startDnsMode({
    zone: dns.zone,
    port: dns.port,
    hosts: () => {
      if (seen !== plan()) {
        seen = plan();
        hosts = [...seen.routes.keys()];
      }
      return hosts;
    },
    addresses: () => dnsAddresses(dns, listen.addresses),
    clock,
    log,
  });
  for (const { message, fix } of mode.troubles()) spec.note(`${message}\n  -> ${fix}`);
  return mode;
}

/** Doctor's questions about it. @param listening where the door listens, or would. */
export function checksOfDns(
  dns: DnsSettings,
  listening: readonly string[],
  names: readonly string[],
): Check[] {
  const places = dnsAddresses(dns, listening).listening.map((address) => ({
    address,
    port: dns.port,
  }));
  const name = names.find((one) => one.endsWith(`.${dns.zone}`)) ?? dns.zone;
  return dnsChecks({ zone: dns.zone, name, places, ask: askDns, resolve });
}

function dnsAddresses(dns: DnsSettings, listening: readonly string[]): DnsAddresses {
  const isEverywhere = listening.every((address) => address === "::" || address === "0.0.0.0");
  const doors = isEverywhere ? shownAddresses() : listening;
  return { answers: doors, listening: dns.addresses.length > 0 ? dns.addresses : doors };
}

async function resolve(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOTFOUND") return []; // no such name, and no address at it: getaddrinfo says both so
    throw thrown;
  }
}
