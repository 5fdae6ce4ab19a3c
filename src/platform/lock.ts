/*
 * The lock of one home: exactly one process may have its door open. It is a file that appears
 * whole (a hard link to a finished one) and only where there was none.
 *
 * A killed door leaves its file behind, and several may want to follow it at once. Deleting the
 * dead one's file would let a slow contender delete the winner's. So nothing is deleted first:
 * every record has an id, never used twice, and whoever follows record X must be the one that
 * creates `<lock>.<id of X>`. The winner then looks once more that the chain from the lock to its
 * own file is what it was, and only then moves its file over the lock. As nobody else can create
 * that name while it is there, nobody else can move; once it was moved, the late ones who do
 * create it see another lock at the second look, and go back to the start.
 */
import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, GenkanError } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import { printable } from "../kernel/printable.ts";
import { platformErrors, whyOf } from "./errors.ts";
import { flushFolder, makePrivateFolder, readIfThere } from "./files.ts";
import { isAlive } from "./is-alive.ts";
import { followChain, publish } from "./lock-chain.ts";
import {
  type LockInfo,
  type LockRecord,
  ownRecord,
  parseRecord,
  surroundings,
} from "./lock-record.ts";

export interface Lock extends Running {
  /** What the file says. */
  readonly record: LockRecord;
  /** Gives the home back: takes the file away if it is still this lock's. */
  stop(): Promise<void>;
}

/**
 * Takes the lock of a home for this process.
 * @throws DOOR_ALREADY_OPEN where a living process has it; FILE_NOT_WRITABLE
 */
export async function takeLock(path: string, info: LockInfo): Promise<Lock> {
  const record = await ownRecord(info, randomBytes(16).toString("hex"));
  const finished = `${path}.${record.id}.new`;
  try {
    await makePrivateFolder(dirname(path));
    try {
      await writeRecord(finished, record);
      await take({ path, finished, record });
      await sweep(path);
    } finally {
      await rm(finished, { force: true });
    }
    await flushFolder(dirname(path));
  } catch (thrown) {
    if (thrown instanceof GenkanError) throw thrown;
    throw platformErrors.FILE_NOT_WRITABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  }
  return { record, stop: () => removeIfOurs(path, record) };
}

/** Who has the home open, or undefined where nobody has. @throws FILE_NOT_READABLE */
export async function readLock(path: string): Promise<LockRecord | undefined> {
  const { holder } = await followChain(path).catch((thrown: unknown) => {
    throw platformErrors.FILE_NOT_READABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  });
  return holder && (await isAlive(holder, await surroundings())) ? holder : undefined;
}

interface Attempt {
  readonly path: string;
  /** A file that holds the whole record already. */
  readonly finished: string;
  readonly record: LockRecord;
}

/** Contenders that lose a race look again; so many times only a broken folder could make them. */
const MOST_TRIES = 200;

async function take(attempt: Attempt): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (await tryOnce(attempt)) return;
    await wait(Math.random() * 10);
  }
  throw new Error(`something that is no file stands at ${attempt.path} or beside it`);
}

/** @returns false where somebody else was quicker and it must be looked at anew. */
async function tryOnce({ path, finished, record }: Attempt): Promise<boolean> {
  const before = await followChain(path);
  if (before.holder && (await isAlive(before.holder, await surroundings()))) {
    throw alreadyOpen(path, before.holder);
  }
  if (!(await publish(finished, before.next))) return false;
  const after = await followChain(path);
  const isOurs = after.ids.join() === [...before.ids, record.id].join();
  if (!isOurs) {
    await removeIfOurs(before.next, record);
    return false;
  }
  if (before.next !== path) await rename(before.next, path);
  // Links of the old chain between its head and ours: nobody follows them any more.
  for (const id of before.ids.slice(0, -1)) await rm(`${path}.${id}`, { force: true });
  return true;
}

async function writeRecord(path: string, record: LockRecord): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Milliseconds; nobody needs so long between creating a record's file and filling it. */
const LONGEST_WRITE = 60_000;

/** Takes away what contenders that were killed between writing their record and taking the lock left behind. */
async function sweep(path: string): Promise<void> {
  const start = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  for (const name of names.filter((each) => each.startsWith(start) && each.endsWith(".new"))) {
    const left = join(dirname(path), name);
    const text = await readIfThere(left);
    if (text !== undefined && (await isAbandoned(left, text))) await rm(left, { force: true });
  }
}

async function isAbandoned(file: string, text: string): Promise<boolean> {
  const contender = parseRecord(text);
  if (contender) return !(await isAlive(contender, await surroundings()));
  const found = await stat(file).catch((thrown: unknown) => {
    if (codeOf(thrown) === "ENOENT") return undefined; // its owner took it away
    throw thrown;
  });
  return found !== undefined && Date.now() - found.mtimeMs > LONGEST_WRITE;
}

async function removeIfOurs(path: string, { id }: LockRecord): Promise<void> {
  const text = await readIfThere(path);
  if (text !== undefined && parseRecord(text)?.id === id) await rm(path, { force: true });
}

function alreadyOpen(path: string, holder: LockRecord): GenkanError {
  return platformErrors.DOOR_ALREADY_OPEN({
    pid: holder.pid,
    since: new Date(holder.startedAt).toString().slice(4, 21), // "Nov 24 2026 22:52", by the clock on the wall
    command: printable(holder.command, 80),
    home: dirname(path),
  });
}
