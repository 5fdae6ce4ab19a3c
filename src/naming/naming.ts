/*
 * Makes the plan's names known to the household's devices, and keeps them so while networks and
 * responders come and go. Beside the engine: nothing that fails here closes the door.
 */
import { type GenkanError, messageOf } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import { canonicalAddress } from "../model/hostname.ts";
import { describeAddresses, watcherOf } from "../platform/network.ts";
import { createBook } from "./book.ts";
import { namingErrors } from "./errors.ts";
import { chooseLinks, type Link } from "./links.ts";
import { findOwner, lossError } from "./loss.ts";
import type { NamingNeeds } from "./needs.ts";
import type { Publisher, PublisherEvents } from "./publisher.ts";
import { createPublishers } from "./publishers.ts";
import type { NamingStatus } from "./status.ts";

export interface Naming extends Running {
  /** Follows a plan: these are all its names. Returns at once; what becomes of them is in `status`. */
  apply(names: Iterable<string>): void;
  /** Name of the plan -> the name that stands in for it, because another machine has it. */
  renames(): ReadonlyMap<string, string>;
  status(): NamingStatus;
}

/** Milliseconds between looks at the machine's addresses: a change is followed within five seconds. */
const LOOK = 2_000;
/** Milliseconds between tries while names cannot be announced. */
const RETRY = 5_000;

export function startNaming(needs: NamingNeeds): Naming {
  const { clock, log, host } = needs;
  const book = createBook(host.name);
  const addresses = recentAddresses(needs);
  const links = (): Link[] => chooseLinks(needs.interfaces(), needs.listen.addresses);
  let publisher: Publisher | undefined;
  let trouble: GenkanError | undefined;
  let queue = Promise.resolve();
  let isStopped = false;

  const ownerOf = (name: string) => findOwner(name, { links: links(), host, ...addresses });
  const lose = (name: string, owner: string | undefined): void => {
    const loss = isStopped ? undefined : book.lose(name, owner);
    if (!loss) return;
    log.warn("name.taken", { ...loss });
    needs.note(lossError(loss).message);
    if (loss.instead !== undefined) needs.onRenamed();
  };
  const events: PublisherEvents = {
    held: (name) => book.held(name),
    conflict: (name, owner) => {
      if (owner !== undefined) lose(name, owner);
      else void ownerOf(name).then((found) => lose(name, found));
    },
    trouble: (error) => {
      if (error && error.code !== trouble?.code) log.warn("names.not-announced", { why: error });
      trouble = error;
    },
  };
  const settle = (): void => {
    queue = queue.then(async () => {
      if (!isStopped) await publish().catch(fail);
    });
  };
  const publishers = createPublishers({
    ...needs,
    ...addresses,
    events,
    ownerOf,
    onChange: settle,
  });
  const publish = async (): Promise<void> => {
    const where = links();
    const before = publisher;
    publisher = where.length === 0 ? undefined : await publishers.choose(before);
    if (before !== publisher) book.unsettle();
    if (before !== publisher) log.info("names.publisher", { by: publisher?.by ?? "nobody" });
    await publisher?.publish(book.toAnnounce(), where);
    // Who goes on announces the same: a goodbye now would take the names from under it.
    if (before !== publisher) await before?.stop(publisher === undefined);
    if (publisher?.by !== "own") events.trouble(undefined);
  };
  const fail = (thrown: unknown): void => {
    const by = publisher?.by ?? "nobody";
    events.trouble(namingErrors.NAMING_FAILED({ by, why: messageOf(thrown) }, { cause: thrown }));
    if (publisher) publishers.refuse(publisher, thrown);
    if (by === "avahi" || by === "dns-sd") settle(); // our own is next
  };
  const stopWatching = watchLinks(needs, links, () => {
    addresses.look();
    book.forgive();
    settle();
  });
  const endRetry = clock.every(RETRY, () => trouble && settle());
  return {
    apply: (names) => {
      book.want(names);
      settle();
    },
    renames: () => book.renames(),
    status: () => ({
      by: publisher?.by,
      links: links().map((link) => ({
        interfaceName: link.interfaceName,
        addresses: link.addresses,
      })),
      names: book.names(),
      notCarried: book.notCarried(),
      trouble: trouble && { code: trouble.code, message: trouble.message, fix: trouble.fix },
    }),
    stop: async () => {
      isStopped = true;
      stopWatching();
      endRetry();
      await queue;
      await publisher?.stop(true);
      await publishers.stop();
    },
  };
}

function watchLinks({ clock, log }: NamingNeeds, links: () => Link[], onChange: () => void) {
  const look = (): string[] => links().map((link) => JSON.stringify(link));
  return watcherOf(look)(clock, LOOK, () => {
    log.info("names.network-changed", { on: links().map(({ interfaceName }) => interfaceName) });
    onChange();
  });
}

/** Milliseconds an address that is gone still counts as this machine's: records of it are under way. */
const REMEMBERED = 60_000;

/** The addresses of this machine, on whichever interface, now or a moment ago. */
function recentAddresses({ interfaces, clock }: NamingNeeds) {
  const seen = new Map<string, number>();
  const look = (): void => {
    for (const [address, at] of seen) if (clock.now() - at > REMEMBERED) seen.delete(address);
    for (const { address } of describeAddresses(interfaces())) {
      seen.set(canonicalAddress(address), clock.now());
    }
  };
  look();
  return { look, isOurs: (address: string) => seen.has(address) };
}
