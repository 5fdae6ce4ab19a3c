/*
 * The DNS mode of an open door: follows the plan's names and the machine's addresses. daemon/dns.ts
 * starts it where the configuration has a zone.
 */
import type { Clock } from "../../kernel/clock.ts";
import { codeOf, type GenkanError, messageOf } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import { answerTo } from "./answer.ts";
import { dnsErrors } from "./errors.ts";
import { createDnsServer } from "./server.ts";
import { createZone, type Zone } from "./zone.ts";

export interface DnsModeSpec {
  readonly zone: string;
  readonly port: number;
  /** Every name of the door, now. */
  readonly hosts: () => readonly string[];
  /** Where names lead, and where to listen; asked every few seconds. */
  readonly addresses: () => DnsAddresses;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DnsAddresses {
  readonly answers: readonly string[];
  readonly listening: readonly string[];
}

export interface DnsMode extends Running {
  /** Why it does not listen where it should, as of the last look. */
  troubles(): readonly GenkanError[];
}

/** Milliseconds between looks: an address that moved is followed within five seconds. */
const LOOK = 2_000;

/** Resolves when it has tried to listen; an address that could not be had is a trouble, and tried again. */
export async function startDnsMode(spec: DnsModeSpec): Promise<DnsMode> {
  const { port, log, clock } = spec;
  let addresses = spec.addresses();
  const zone = zoneSource(spec, () => addresses.answers);
  const server = createDnsServer({ port, log, answer: (packet) => answerTo(packet, zone()) });
  let queue = server.follow(addresses.listening);
  await queue;
  const unwatch = clock.every(LOOK, () => {
    addresses = spec.addresses();
    queue = queue.then(() => server.follow(addresses.listening));
  });
  return {
    troubles: () =>
      [...server.troubles()].map(([address, thrown]) =>
        dnsErrors.DNS_NOT_LISTENING({ address, port, why: whyNot(thrown) }, { cause: thrown }),
      ),
    stop: async () => {
      unwatch();
      await queue;
      await server.stop();
    },
  };
}

/** The zone is built anew only where the names are others than before. */
function zoneSource(
  { zone: apex, hosts }: DnsModeSpec,
  addresses: () => readonly string[],
): () => Zone {
  let known: readonly string[] = hosts();
  let zone = createZone({ apex, hosts: known, addresses });
  return () => {
    const now = hosts();
    if (now !== known) {
      known = now;
      zone = createZone({ apex, hosts: known, addresses });
    }
    return zone;
  };
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has that port",
  EACCES: "this user may not have that port",
  EADDRNOTAVAIL: "this machine does not have that address now",
};

function whyNot(thrown: unknown): string {
  return WHY[codeOf(thrown) ?? ""] ?? messageOf(thrown);
}
