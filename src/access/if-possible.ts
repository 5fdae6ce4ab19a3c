/*
 * What may wait: written where the disk lets it, and told in the log where it does not.
 */
import { GenkanError } from "../kernel/errors.ts";
import type { Log } from "../kernel/log.ts";

/** Where the disk is full now, it is done later: nothing depends on it. */
export async function ifPossible(log: Log, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    log.warn("access.not-written", { why: thrown.message });
  }
}
