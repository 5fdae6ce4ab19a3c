/*
 * Files that survive a power cut: written beside their place, flushed, then renamed over it, and
 * the folder flushed too. At any instant the disk holds the old text or the new one, never half.
 */
import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../kernel/errors.ts";
import { platformErrors, whyOf } from "./errors.ts";

export interface WriteOptions {
  /** Rights of the file from birth; 0o644 unless told. Secrets take 0o600. */
  readonly mode?: number;
  /**
   * The file is a person's own: a link stays a link (what it leads to is replaced), and the file
   * keeps its rights and, where we may, its owner. Never for files in folders others can write to.
   */
  readonly keep?: boolean;
}

/**
 * Puts `text` at `path`, whole or not at all; makes the folder (0700) if it is not there.
 * @throws FILE_NOT_WRITABLE, with what was there untouched.
 */
export async function writeAtomic(
  path: string,
  text: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await makeFolder(dirname(path));
    const before = options.keep ? await statIfThere(path) : undefined;
    const place = before ? await realpath(path) : path;
    await replace(place, text, { mode: options.mode ?? 0o644, before });
    await flushFolder(dirname(place));
  } catch (thrown) {
    throw platformErrors.FILE_NOT_WRITABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  }
}

/**
 * Makes a folder, and those above it that are missing, for this user alone (0700). A folder that
 * is there already stays as it is.
 * @throws FILE_NOT_WRITABLE
 */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (thrown) {
    throw platformErrors.FILE_NOT_WRITABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  }
}

/**
 * The same where others may have been first, such as the temporary directory: a folder that is
 * there already must be a real one, this user's, and closed to everyone else.
 * @throws FOLDER_NOT_PRIVATE, FILE_NOT_WRITABLE
 */
export async function claimPrivateFolder(path: string): Promise<void> {
  await makePrivateFolder(path);
  const found = await lstat(path);
  const refuse = (why: string): never => {
    throw platformErrors.FOLDER_NOT_PRIVATE({ path, why });
  };
  if (!found.isDirectory()) refuse("it is a link, not a folder");
  const uid = process.getuid?.();
  if (uid === undefined) return; // Windows: a user's temporary directory is that user's own
  if (found.uid !== uid) refuse(`it belongs to another user (number ${found.uid})`);
  if ((found.mode & 0o077) !== 0) refuse("other users of this machine may look into it");
}

/** The text of a file, or undefined where there is none. @throws FILE_NOT_READABLE */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw platformErrors.FILE_NOT_READABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  }
}

/** A rename is on disk only when its folder is; some systems cannot do that, and need or get no more. */
export async function flushFolder(path: string): Promise<void> {
  let folder: FileHandle;
  try {
    folder = await open(path, "r");
  } catch (thrown) {
    if (codeOf(thrown) === "EISDIR" || codeOf(thrown) === "EPERM") return; // Windows opens no folders
    throw thrown;
  }
  try {
    await folder.sync();
  } catch (thrown) {
    // fsync(2): EINVAL where a file system (9p, some FUSE and network ones) cannot flush a folder.
    if (codeOf(thrown) !== "EINVAL" && codeOf(thrown) !== "ENOTSUP") throw thrown;
  } finally {
    await folder.close();
  }
}

/** Not mkdir's own `recursive`: on a read-only disk that says ENOENT (Node 20 to 26), which is not why. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    const above = dirname(path);
    if (codeOf(thrown) === "ENOENT" && !(await statIfThere(above))) {
      await makeFolder(above);
      return makeFolder(path);
    }
    if (!(await statIfThere(path))?.isDirectory()) throw thrown;
  }
}

interface Rights {
  readonly mode: number;
  /** The file whose rights and owner the new one shall have. */
  readonly before: Stats | undefined;
}

async function replace(place: string, text: string | Uint8Array, rights: Rights): Promise<void> {
  const beside = `${place}.${randomBytes(6).toString("hex")}.tmp`;
  const file = await open(beside, "wx", rights.before ? 0o600 : rights.mode);
  try {
    try {
      await file.writeFile(text);
      if (rights.before) await takeRights(file, rights.before);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, place);
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined); // the first error is the one to tell
    throw thrown;
  }
}

/** Only the administrator can give a file away; for anyone else the file is theirs already, or becomes theirs. */
async function takeRights(file: FileHandle, before: Stats): Promise<void> {
  if (process.getuid?.() === 0) await file.chown(before.uid, before.gid);
  await file.chmod(before.mode & 0o777);
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
