/*
 * The files of a lock: `<lock>`, then for each one left by a dead process the file of the one that
 * follows it, `<lock>.<id>`. lock.ts says why this is safe.
 */
import { constants, copyFile, link, readFile, stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf } from "../kernel/errors.ts";
import { type LockRecord, parseRecord } from "./lock-record.ts";

export interface Chain {
  /** Ids from the lock file to the last follower. */
  readonly ids: readonly string[];
  /** The last of them; undefined where there is none, or its file is damaged. */
  readonly holder: LockRecord | undefined;
  /** The file that whoever comes next must create. */
  readonly next: string;
}

/** Reads from the lock file to the end, one file after the other: it may be changed meanwhile, so look twice. */
export async function followChain(path: string): Promise<Chain> {
  const ids: string[] = [];
  let holder: LockRecord | undefined;
  let next = path;
  for (;;) {
    const found = await readPatiently(next);
    if (!found) return { ids, holder, next };
    holder = found.record;
    ids.push(found.id);
    next = `${path}.${found.id}`;
  }
}

/** Tries, and milliseconds between them, until a file that is not whole counts as damaged. */
const LOOKS = { most: 10, every: 50 };

/**
 * The record in a file; undefined where there is no file. A file that is not whole may be just
 * being written (see `publish`); if it stays so, a power cut did it, and nobody holds it.
 */
async function readPatiently(
  path: string,
): Promise<{ id: string; record: LockRecord | undefined } | undefined> {
  for (let looks = 1; ; looks++) {
    try {
      const record = parseRecord(await readFile(path, "utf8"));
      if (record) return { id: record.id, record };
      if (looks === LOOKS.most) {
        const { ino, mtimeNs } = await stat(path, { bigint: true });
        return { id: `damaged-${ino}-${mtimeNs}`, record: undefined };
      }
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT") return undefined;
      throw thrown;
    }
    await wait(LOOKS.every);
  }
}

/** Makes the finished file appear at `place`. @returns false where there is something already. */
export async function publish(finished: string, place: string): Promise<boolean> {
  try {
    await link(finished, place);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
  }
  // No hard links here (FAT, some shared folders): still only where there is none, but not in one instant.
  try {
    await copyFile(finished, place, constants.COPYFILE_EXCL);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}
