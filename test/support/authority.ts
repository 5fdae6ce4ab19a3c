import { join } from "node:path";
import type { Clock } from "../../src/kernel/clock.ts";
import { createLog, type Log, type LogEntry } from "../../src/kernel/log.ts";
import { type Authority, createAuthority } from "../../src/pki/authority.ts";
import { movedClock, type MovedClock } from "./clock.ts";
import { tempFolder } from "./temp.ts";

export interface AuthorityWorld {
  readonly dir: string;
  readonly clock: MovedClock;
  readonly log: Log;
  /** Everything that was logged. */
  readonly entries: LogEntry[];
}

/** A folder for an authority, a clock the test owns, and a log it can read. */
export function authorityWorld(): AuthorityWorld {
  const clock = movedClock();
  const { log, entries } = readableLog(clock);
  return { dir: join(tempFolder(), "pki"), clock, log, entries };
}

/** The same with an authority made in it. */
export async function worldWithAuthority(): Promise<AuthorityWorld & { authority: Authority }> {
  const world = authorityWorld();
  return { ...world, authority: await createAuthority(world) };
}

function readableLog(clock: Clock): { log: Log; entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const log = createLog(
    () => clock.now(),
    (entry) => entries.push(entry),
  );
  return { log, entries };
}
