/*
 * Names through Avahi: every name is an entry group of its own (Avahi takes 32 entries a group, and a
 * conflict concerns the whole group), its addresses entries on the interface they belong to.
 */
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { canonicalAddress } from "../../model/hostname.ts";
import type { Link } from "../links.ts";
import type { Publisher, PublisherEvents } from "../publisher.ts";
import { type Bus, BusError, type Signal } from "./bus.ts";

export const AVAHI = "org.freedesktop.Avahi";
export const SERVER = `${AVAHI}.Server`;
const GROUP = `${AVAHI}.EntryGroup`;
/** avahi-common/defs.h: AVAHI_PROTO_UNSPEC, AVAHI_PUBLISH_NO_REVERSE (the address's own name stays the machine's). */
const ANY_PROTOCOL = -1;
const NO_REVERSE = 16;
/** avahi-common/defs.h, AvahiEntryGroupState. */
const ESTABLISHED = 2;
const COLLISION = 3;
const FAILURE = 4;

export interface AvahiSpec {
  readonly bus: Bus;
  readonly log: Log;
  readonly isOurs: (address: string) => boolean;
  readonly events: PublisherEvents;
}

interface Group {
  readonly path: string;
  /** What it holds, for comparing. */
  readonly holds: string;
}

/** @throws BusError, Error where Avahi cannot be asked */
export async function createAvahiPublisher(spec: AvahiSpec): Promise<Publisher> {
  const { bus, events } = spec;
  const groups = createGroups(bus);
  const hear = async (signal: Signal): Promise<void> => {
    const name = groups.nameAt(signal.path);
    if (signal.member !== "StateChanged" || name === undefined) return;
    const [state, why] = signal.body;
    if (state === ESTABLISHED) events.held(name);
    if (state === FAILURE) spec.log.warn("avahi.entry-failed", { name, why: String(why) });
    if (state !== COLLISION) return;
    await groups.free(name);
    const owner = await addressOf(bus, name);
    // Avahi may still remember what we said ourselves.
    events.conflict(name, owner !== undefined && spec.isOurs(owner) ? undefined : owner);
  };
  await bus.call(addMatch(`type='signal',sender='${AVAHI}',interface='${GROUP}'`));
  const deafen = bus.onSignal((signal) => {
    hear(signal).catch((why: unknown) => spec.log.warn("avahi.not-freed", { why }));
  });
  const put = async (name: string, links: readonly Link[]): Promise<void> => {
    try {
      await groups.put(name, links);
    } catch (thrown) {
      await groups.free(name);
      if (!isCollision(thrown)) throw thrown;
      // This machine's own name, or another door's on it: then it leads here already.
      const address = await addressOf(bus, name);
      if (address !== undefined && spec.isOurs(address)) events.held(name);
      else events.conflict(name, address);
    }
  };
  return {
    by: "avahi",
    publish: async (names, links) => {
      const gone = groups.names().filter((name) => !names.includes(name));
      for (const name of gone) await groups.free(name);
      for (const name of names) await put(name, links);
    },
    stop: async () => {
      deafen();
      // Avahi says goodbye for every group that is freed; where it is gone there is nobody to do so.
      const all = await Promise.allSettled(groups.names().map((name) => groups.free(name)));
      const failed = all.find((result) => result.status === "rejected");
      if (failed) spec.log.debug("avahi.not-freed", { why: messageOf(failed.reason) });
    },
  };
}

/** The entry groups that are ours, by name. */
function createGroups(bus: Bus) {
  const groups = new Map<string, Group>();
  const free = async (name: string): Promise<void> => {
    const group = groups.get(name);
    groups.delete(name);
    if (group) await onGroup(bus, group.path, { member: "Free" });
  };
  return {
    free,
    names: () => [...groups.keys()],
    nameAt: (path: string) => [...groups].find(([, group]) => group.path === path)?.[0],
    /** Makes the group of a name hold these addresses; one that does is left alone. */
    put: async (name: string, links: readonly Link[]): Promise<void> => {
      const holds = JSON.stringify(
        links.map(({ interfaceName, addresses }) => [interfaceName, addresses]),
      );
      if (groups.get(name)?.holds === holds) return;
      await free(name);
      const path = String((await bus.call(server("EntryGroupNew")))[0]);
      groups.set(name, { path, holds });
      await addAll(bus, { name, path, links });
    },
  };
}

interface Entries {
  readonly name: string;
  readonly path: string;
  readonly links: readonly Link[];
}

async function addAll(bus: Bus, { name, path, links }: Entries): Promise<void> {
  for (const { interfaceName, addresses } of links) {
    const index = await bus.call({
      ...server("GetNetworkInterfaceIndexByName"),
      signature: "s",
      body: [interfaceName],
    });
    for (const address of addresses) {
      const body = [index[0], ANY_PROTOCOL, NO_REVERSE, name, address];
      await onGroup(bus, path, { member: "AddAddress", signature: "iiuss", body });
    }
  }
  await onGroup(bus, path, { member: "Commit" });
}

/** What a name leads to as Avahi sees it; undefined where it finds nothing. */
async function addressOf(bus: Bus, name: string): Promise<string | undefined> {
  const body = [-1, ANY_PROTOCOL, name, ANY_PROTOCOL, 0];
  try {
    const found = await bus.call({ ...server("ResolveHostName"), signature: "iisiu", body });
    return canonicalAddress(String(found[4]));
  } catch (thrown) {
    if (thrown instanceof BusError) return undefined;
    throw thrown;
  }
}

function isCollision(thrown: unknown): boolean {
  return thrown instanceof BusError && thrown.kind === `${AVAHI}.CollisionError`;
}

function server(member: string) {
  return { to: AVAHI, path: "/", interface: SERVER, member };
}

interface GroupCall {
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

function onGroup(bus: Bus, path: string, call: GroupCall): Promise<readonly unknown[]> {
  return bus.call({ to: AVAHI, path, interface: GROUP, ...call });
}

/** D-Bus specification, "Message Bus Messages". */
export const BUS = {
  to: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
} as const;

export function addMatch(rule: string) {
  return { ...BUS, member: "AddMatch", signature: "s", body: [rule] };
}
