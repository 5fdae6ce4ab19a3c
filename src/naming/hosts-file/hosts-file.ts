/*
 * The door's block in a hosts file on disk. `genkan hosts --write` and `--remove` call it. Nothing
 * outside the block changes, and where something is wrong nothing changes at all.
 */
import { open, readFile } from "node:fs/promises";
import { win32 } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf } from "../../kernel/errors.ts";
import { writeAtomic } from "../../platform/files.ts";
import type { Host } from "../../platform/host.ts";
import { type Lock, takeLock } from "../../platform/lock.ts";
import { whyOf } from "../../platform/errors.ts";
import { type Block, type Edited, putBlock, takeBlock } from "./block.ts";
import { hostsFileErrors } from "./errors.ts";

/** Where this machine's resolver looks: hosts(5), and `%SystemRoot%\System32\drivers\etc\hosts`. */
export function hostsFileOf({ os, env }: Host): string {
  if (os !== "windows") return "/etc/hosts";
  const root = env["SystemRoot"] ?? env["SYSTEMROOT"] ?? "C:\\Windows";
  return win32.join(root, "System32", "drivers", "etc", "hosts");
}

export interface HostsFile {
  readonly path: string;
  /** What the person runs where this user may not write: the same with more rights. */
  readonly command: string;
}

/**
 * Puts the block in, or brings it up to date.
 * @returns whether the file had to change.
 * @throws HOSTS_BLOCK_DAMAGED, HOSTS_NOT_TEXT, HOSTS_NOT_WRITABLE, HOSTS_BUSY
 */
export function writeHosts(file: HostsFile, block: Block): Promise<boolean> {
  return edit(file, (text) => putBlock(text, block));
}

/** Takes the block away. @returns and throws as writeHosts */
export function removeHosts(file: HostsFile, id: string): Promise<boolean> {
  return edit(file, (text) => takeBlock(text, id));
}

/** Whoever writes so often between our reading and writing does not stop. */
const MOST_TRIES = 5;

async function edit(file: HostsFile, change: (text: string) => Edited): Promise<boolean> {
  try {
    const lock = await lockIfPossible(file.path);
    try {
      return await tryUntilQuiet(file, change);
    } finally {
      await lock?.stop();
    }
  } catch (thrown) {
    throw translated(thrown, file);
  }
}

async function tryUntilQuiet(file: HostsFile, change: (text: string) => Edited): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const isChanged = await tryOnce(file, change);
    if (isChanged !== undefined) return isChanged;
  }
  throw hostsFileErrors.HOSTS_BUSY({ path: file.path });
}

/** @returns undefined where somebody else wrote between reading and writing. */
async function tryOnce(
  { path }: HostsFile,
  change: (text: string) => Edited,
): Promise<boolean | undefined> {
  const before = await read(path);
  const text = before?.toString("latin1") ?? "";
  if (text.includes("\0")) throw hostsFileErrors.HOSTS_NOT_TEXT({ path });
  const edited = change(text);
  if (edited.is === "damaged") {
    throw hostsFileErrors.HOSTS_BLOCK_DAMAGED({ path, ...edited.damage });
  }
  if (edited.text === text) return false;
  const now = await read(path);
  if (now?.toString("latin1") !== before?.toString("latin1")) return undefined;
  await replace(path, Buffer.from(edited.text, "latin1"), before);
  return true;
}

/** EBUSY is what a bind mount (a container's /etc/hosts) says to a rename; the others speak of the folder. */
const NO_RENAME = new Set(["EBUSY", "EXDEV", "EACCES", "EPERM", "EROFS"]);

async function replace(path: string, after: Buffer, before: Buffer | undefined): Promise<void> {
  try {
    await writeAtomic(path, after, { keep: true });
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    if (before === undefined || !NO_RENAME.has(codeOf(cause) ?? "")) throw thrown;
    await writeInPlace(path, after, before);
  }
}

/** Where nothing can be renamed over the file. If the new text does not fit, the old one, which did, is put back. */
async function writeInPlace(path: string, after: Buffer, before: Buffer): Promise<void> {
  const file = await open(path, "r+");
  const put = async (text: Buffer): Promise<void> => {
    for (let at = 0; at < text.length;) {
      at += (await file.write(text, at, text.length - at, at)).bytesWritten;
    }
    await file.truncate(text.length);
  };
  try {
    await put(after).catch(async (thrown: unknown) => {
      await put(before);
      throw thrown;
    });
    await file.sync();
  } finally {
    await file.close();
  }
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Milliseconds between looks whether another genkan is done with the file, and how many. */
const BETWEEN_LOOKS = 25;
const MOST_LOOKS = 200;

/** Keeps two genkans from losing each other's block; where the folder is closed to us there is no lock, and seldom a way to write. */
async function lockIfPossible(path: string): Promise<Lock | undefined> {
  for (let looks = 1; ; looks++) {
    try {
      return await takeLock(`${path}.genkan-lock`, { command: "genkan hosts", socket: "" });
    } catch (thrown) {
      if (codeOf(thrown) === "FILE_NOT_WRITABLE") return undefined;
      if (codeOf(thrown) !== "DOOR_ALREADY_OPEN") throw thrown;
      if (looks >= MOST_LOOKS) throw hostsFileErrors.HOSTS_BUSY({ path }, { cause: thrown });
      await wait(BETWEEN_LOOKS);
    }
  }
}

/** What the system said, with the command that has the right. */
function translated(thrown: unknown, { path, command }: HostsFile): unknown {
  const code = codeOf(thrown);
  if (code?.startsWith("HOSTS_")) return thrown;
  const isOfWriting = code === "FILE_NOT_WRITABLE" && thrown instanceof Error;
  const why = whyOf(isOfWriting ? thrown.cause : thrown);
  return hostsFileErrors.HOSTS_NOT_WRITABLE({ path, why, command }, { cause: thrown });
}
