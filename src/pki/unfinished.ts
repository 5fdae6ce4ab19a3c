/*
 * Folders in which an authority is being made, `authority.new-<process id>-<random>`, and taking
 * away what a process left that ended in the middle. Nothing in them was ever trusted or used.
 */
import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../kernel/clock.ts";
import { codeOf } from "../kernel/errors.ts";
import type { Log } from "../kernel/log.ts";

const PREFIX = "authority.new-";
/** Process ids are used again, in containers at once; nobody takes longer than this to make an authority. */
const LONGEST_WORK = 60 * 60 * 1000;

/** A path of its own for an authority in the making. */
export function unfinishedFolder(dir: string): string {
  return join(dir, `${PREFIX}${process.pid}-${randomBytes(6).toString("hex")}`);
}

/**
 * Removes leftovers. A process still at work is left alone; should its folder be taken all the same
 * (two containers on one disk), it begins again.
 */
export async function removeLeftovers(place: {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<void> {
  const { dir, clock, log } = place;
  for (const name of await unfinishedIn(dir, log)) {
    const path = join(dir, name);
    try {
      const age = clock.now() - (await stat(path)).mtimeMs;
      if (isAtWork(name) && age < LONGEST_WORK) continue;
      await rm(path, { recursive: true, force: true });
      log.info("authority.leftover-removed", { path });
    } catch (thrown) {
      // Gone by itself, or not removable: nothing uses it, so no start fails for it.
      log.debug("authority.leftover-stayed", { path, why: thrown });
    }
  }
}

async function unfinishedIn(dir: string, log: Log): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => name.startsWith(PREFIX));
  } catch (thrown) {
    // No folder yet; or what is wrong with it is told by whoever reads the authority itself.
    log.debug("authority.leftovers-unknown", { dir, why: thrown });
    return [];
  }
}

/** Whether the process that the folder names is still there. */
function isAtWork(name: string): boolean {
  const pid = Number.parseInt(name.slice(PREFIX.length), 10);
  if (!(pid > 0)) return false; // 0 and below would ask about whole groups, kill(2)
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (thrown) {
    return codeOf(thrown) === "EPERM";
  }
}
