/*
 * Files that survive a power cut: written beside their place, flushed, then renamed over it, and
 * the folder flushed too. At any instant the disk holds the old text or the new one, never half.
 */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, defineErrors } from "../kernel/errors.ts";

export const fileErrors = defineErrors({
  FILE_NOT_WRITABLE: {
    says: (p: { path: string; why: string }) => `${p.path} cannot be written: ${p.why}.`,
    fix: (p: { path: string }) =>
      `Make room or give yourself the right to write there, or choose another place: GENKAN_HOME=/some/folder genkan ... (look: ls -ld ${dirname(p.path)}; df -h ${dirname(p.path)})`,
  },
  FILE_NOT_READABLE: {
    says: (p: { path: string; why: string }) => `${p.path} cannot be read: ${p.why}.`,
    fix: (p: { path: string }) =>
      `Run genkan as the user who owns the file, or change its rights: ls -l ${p.path}`,
  },
});

const WHY: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota on this disk is used up",
  EROFS: "the file system is read-only",
  EACCES: "the rights on it do not allow that",
  EPERM: "the rights on it do not allow that",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder, not a file",
  ENAMETOOLONG: "the path is too long",
};

/** A system error as half a sentence. */
function whyOf(thrown: unknown): string {
  const code = codeOf(thrown);
  return (code && WHY[code]) ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

export interface WriteOptions {
  /** Rights of the file from birth; 0o644 unless told. Secrets take 0o600. */
  readonly mode?: number;
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
  const beside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await makePrivateFolder(dirname(path));
    await writeFlushed(beside, text, options.mode ?? 0o644);
    await rename(beside, path);
    await flushFolder(dirname(path));
  } catch (thrown) {
    await rm(beside, { force: true });
    throw fileErrors.FILE_NOT_WRITABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  }
}

/** Makes a folder, and those above it that are missing, for this user alone (0700). */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** The text of a file, or undefined where there is none. @throws FILE_NOT_READABLE */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw fileErrors.FILE_NOT_READABLE({ path, why: whyOf(thrown) }, { cause: thrown });
  }
}

async function writeFlushed(path: string, text: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on disk only when its folder is; Windows cannot open folders and needs no such thing. */
export async function flushFolder(path: string): Promise<void> {
  let folder;
  try {
    folder = await open(path, "r");
  } catch (thrown) {
    if (codeOf(thrown) === "EISDIR" || codeOf(thrown) === "EPERM") return;
    throw thrown;
  }
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
