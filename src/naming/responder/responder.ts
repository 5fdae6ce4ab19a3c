/*
 * Our own multicast DNS responder, for machines without one: host names only, on every link.
 */
import type { Clock } from "../../kernel/clock.ts";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { namingErrors } from "../errors.ts";
import type { Link } from "../links.ts";
import type { Publisher, PublisherEvents } from "../publisher.ts";
import { type LinkResponder, openLinkResponder } from "./link-responder.ts";

export interface ResponderSpec {
  readonly clock: Clock;
  readonly log: Log;
  readonly zonesAreNumbers: boolean;
  /** Whether the address is one of this machine. */
  readonly isOurs: (address: string) => boolean;
  readonly events: PublisherEvents;
}

interface Open {
  readonly link: Link;
  readonly responder: LinkResponder;
}

export function createResponder(spec: ResponderSpec): Publisher {
  const { events } = spec;
  const open = new Map<string, Open>();
  const lost = new Set<string>();
  let names: readonly string[] = [];

  const tell = (): void => {
    for (const { responder } of open.values()) responder.setNames(names);
  };
  const onLost = (name: string, owner: string): void => {
    if (lost.has(name)) return;
    lost.add(name);
    names = names.filter((other) => other !== name);
    tell(); // what is lost on one link is given up on all
    events.conflict(name, owner);
  };
  const openLink = async (link: Link, before: readonly Open[]): Promise<void> => {
    const onHeld = (name: string): void => events.held(name);
    const responder = await openLinkResponder({ ...spec, link, onHeld, onLost });
    open.set(keyOf(link), { link, responder });
    const same = before.find((other) => isSameNetwork(other.link, link));
    const held = same?.responder.held() ?? [];
    responder.setNames(names, held);
    for (const name of held) if (names.includes(name)) events.held(name);
  };
  const take = (key: string): Open[] => {
    const taken = open.get(key);
    open.delete(key);
    return taken ? [taken] : [];
  };
  return {
    by: "own",
    publish: async (wanted, links) => {
      for (const name of wanted) lost.delete(name);
      names = [...wanted];
      const keys = new Set(links.map(keyOf));
      const gone = [...open.keys()].filter((key) => !keys.has(key)).flatMap(take);
      // No goodbye: the records that come next replace the old ones (RFC 6762 section 10.2).
      await Promise.all(gone.map(({ responder }) => responder.close(false)));
      const fresh = links.filter((link) => !open.has(keyOf(link)));
      const tried = await Promise.allSettled(fresh.map((link) => openLink(link, gone)));
      const failed = tried.find((result) => result.status === "rejected");
      events.trouble(failed && troubleOf(failed.reason));
      tell();
    },
    stop: async (farewell) => {
      const all = [...open.keys()].flatMap(take);
      await Promise.all(all.map(({ responder }) => responder.close(farewell)));
    },
  };
}

/** A link whose addresses changed is another one: its sockets are bound to them. */
function keyOf(link: Link): string {
  return JSON.stringify(link);
}

/** An interface that got or lost an address and is where it was: what is ours there stays ours. */
function isSameNetwork(before: Link, now: Link): boolean {
  const isSame = before.networks.some((network) => now.networks.includes(network));
  return isSame && before.interfaceName === now.interfaceName;
}

function troubleOf(thrown: unknown) {
  const options = { cause: thrown };
  const why = messageOf(thrown);
  if (codeOf(thrown) === "EADDRINUSE") return namingErrors.NAMING_PORT_TAKEN({ why }, options);
  return namingErrors.NAMING_FAILED({ by: "Genkan", why }, options);
}
