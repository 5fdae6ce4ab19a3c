/*
 * What our responder says of its own accord on one link: probes, announcements, goodbyes.
 */
import { isIP } from "node:net";
import type { Link } from "../links.ts";
import {
  type AddressRecord,
  type AddressType,
  recordsFor,
  writeAnnouncement,
  writeProbe,
} from "./packet.ts";
import type { MulticastSocket } from "./socket.ts";

export interface Voice {
  probe(names: readonly string[]): void;
  announce(names: readonly string[]): void;
  farewell(names: readonly string[]): void;
}

/** Names in one message: eight with two addresses each fit the smallest packet every network carries (1,232 bytes). */
const NAMES_IN_MESSAGE = 8;

/** @param sockets all that are open on the link, now or later. */
export function createVoice(link: Link, sockets: readonly MulticastSocket[]): Voice {
  const say = (names: readonly string[], write: (records: AddressRecord[]) => Buffer): void => {
    for (let from = 0; from < names.length; from += NAMES_IN_MESSAGE) {
      const some = names.slice(from, from + NAMES_IN_MESSAGE);
      const bytes = write(some.flatMap((name) => recordsFor(name, link.addresses)));
      for (const socket of sockets) socket.send(bytes);
    }
  };
  return {
    probe: (names) => say(names, writeProbe),
    announce: (names) => say(names, (records) => writeAnnouncement(records)),
    farewell: (names) => say(names, (records) => writeAnnouncement(records, 0)),
  };
}

/** The types of records that names have on a link. */
export function typesOn({ addresses }: Link): AddressType[] {
  const families = new Set(addresses.map((address) => isIP(address)));
  const types = [families.has(4) && "A", families.has(6) && "AAAA"] as const;
  return types.filter((type) => type !== false);
}
