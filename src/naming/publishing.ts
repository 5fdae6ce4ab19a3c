/*
 * One publisher at a time, the best there is: each time something changed it is chosen anew, told the
 * names and links as they are, and only then is the one before it let go.
 */
import { messageOf } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { Book } from "./book.ts";
import { namingErrors } from "./errors.ts";
import type { Link } from "./links.ts";
import type { PublishedBy, Publisher } from "./publisher.ts";
import { createPublishers, type PublishersSpec } from "./publishers.ts";

export interface PublishingSpec extends Omit<PublishersSpec, "onChange"> {
  readonly links: () => readonly Link[];
  readonly book: Book;
}

export interface Publishing extends Running {
  /** Makes what is announced fit again. Returns at once; one change is made after the other. */
  settle(): void;
  /** Who announces; undefined where nothing is. */
  by(): PublishedBy | undefined;
}

export function startPublishing(spec: PublishingSpec): Publishing {
  const { book, links, log, events } = spec;
  let publisher: Publisher | undefined;
  let queue = Promise.resolve();
  let isStopped = false;

  const settle = (): void => {
    queue = queue.then(async () => {
      if (!isStopped) await change().catch(fail);
    });
  };
  const publishers = createPublishers({ ...spec, onChange: settle });
  const replace = async (next: Publisher | undefined): Promise<void> => {
    const before = publisher;
    publisher = next;
    book.unsettle();
    log.info("names.publisher", { by: next?.by ?? "nobody" });
    try {
      await next?.publish(book.toAnnounce(), links());
    } finally {
      // Who goes on announces the same: a goodbye now would take the names from under it.
      await before?.stop(next === undefined);
    }
  };
  const change = async (): Promise<void> => {
    const where = links();
    const next = where.length === 0 ? undefined : await publishers.choose(publisher);
    if (next !== publisher) await replace(next);
    else await next?.publish(book.toAnnounce(), where);
    if (next?.by !== "own") events.trouble(undefined); // our own tells of itself
  };
  const fail = (thrown: unknown): void => {
    const by = publisher?.by;
    const why = { by: by ?? "nobody", why: messageOf(thrown) };
    events.trouble(namingErrors.NAMING_FAILED(why, { cause: thrown }));
    if (publisher) publishers.refuse(publisher, thrown);
    if (by === "avahi" || by === "dns-sd") settle(); // our own is next
  };
  return {
    settle,
    by: () => publisher?.by,
    stop: async () => {
      isStopped = true;
      await queue;
      await publisher?.stop(true);
      await publishers.stop();
    },
  };
}
