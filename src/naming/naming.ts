/*
 * Makes the plan's names known to the household's devices, and keeps them so while networks and
 * responders come and go. Beside the engine: nothing that fails here closes the door.
 */
import type { GenkanError } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import { canonicalAddress } from "../model/hostname.ts";
import { describeAddresses, watcherOf } from "../platform/network.ts";
import { createBook } from "./book.ts";
import { chooseLinks, type Link } from "./links.ts";
import { findOwner, type Loss, lossError } from "./loss.ts";
import type { NamingNeeds } from "./needs.ts";
import type { PublisherEvents } from "./publisher.ts";
import { startPublishing } from "./publishing.ts";
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
  const trouble = createTrouble(log);
  let isStopped = false;
  const ownerOf = (name: string) => findOwner(name, { links: links(), host, ...addresses });
  const lose = (name: string, owner: string | undefined): void => {
    const loss = isStopped ? undefined : book.lose(name, owner);
    if (loss) tell(needs, loss);
  };
  const events: PublisherEvents = {
    held: (name) => book.held(name),
    conflict: (name, owner) => {
      if (owner !== undefined) lose(name, owner);
      else void ownerOf(name).then((found) => lose(name, found));
    },
    trouble: trouble.set,
  };
  const publishing = startPublishing({ ...needs, ...addresses, events, ownerOf, links, book });
  const stopWatching = watchLinks(needs, links, () => {
    addresses.look();
    book.forgive();
    publishing.settle();
  });
  const endRetry = clock.every(RETRY, () => trouble.report() && publishing.settle());
  return {
    apply: (names) => {
      book.want(names);
      publishing.settle();
    },
    renames: () => book.renames(),
    status: () => ({
      by: publishing.by(),
      links: links().map(plainLink),
      names: book.names(),
      notCarried: book.notCarried(),
      trouble: trouble.report(),
    }),
    stop: async () => {
      isStopped = true;
      stopWatching();
      endRetry();
      await publishing.stop();
    },
  };
}

function tell({ log, note, onRenamed }: NamingNeeds, loss: Loss): void {
  log.warn("name.taken", { ...loss });
  note(lossError(loss).message);
  onRenamed();
}

/** Why names are not announced as they should be; the log hears of each trouble once. */
function createTrouble(log: Log) {
  let current: GenkanError | undefined;
  return {
    set: (error: GenkanError | undefined): void => {
      if (error && error.code !== current?.code) log.warn("names.not-announced", { why: error });
      current = error;
    },
    report: () => current && { code: current.code, message: current.message, fix: current.fix },
  };
}

function plainLink({ interfaceName, addresses }: Link) {
  return { interfaceName, addresses };
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
  /** An address that came since the last look is ours as well: a name is never lost to ourselves. */
  const isOurs = (address: string): boolean => {
    if (!seen.has(address)) look();
    return seen.has(address);
  };
  return { look, isOurs };
}
