/*
 * What Linux tells of a process: its program, its command, when it started (proc(5)). A process
 * may end while it is looked at, or belong to someone else: then the answer is undefined.
 */
import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { codeOf } from "../kernel/errors.ts";

/** Gone, or not ours to see. */
const NOT_TO_BE_SEEN = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM", "ENOTDIR"]);

/** What `read` gives, or undefined where the process is gone or another user's. */
export async function ifVisible<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (thrown) {
    if (NOT_TO_BE_SEEN.has(codeOf(thrown) ?? "")) return undefined;
    throw thrown;
  }
}

/** The program's name: of its file where we may see that, else the kernel's 15 characters for it. */
export async function programOf(pid: number, proc = "/proc"): Promise<string | undefined> {
  const file = await ifVisible(readlink(`${proc}/${pid}/exe`));
  if (file) return basename(file.replace(/ \(deleted\)$/, ""));
  const name = await ifVisible(readFile(`${proc}/${pid}/comm`, "utf8"));
  return name?.trim() || undefined;
}

/** The whole command line, its words joined by spaces. */
export async function commandOf(pid: number, proc = "/proc"): Promise<string | undefined> {
  const words = await ifVisible(readFile(`${proc}/${pid}/cmdline`, "utf8"));
  return words?.replaceAll("\0", " ").trim() || undefined;
}

/**
 * When a process started, in clock ticks since the machine did: with the pid it names one process
 * of this boot. Undefined where it is gone or hidden; `ended` where only its remains are left.
 */
export async function startOf(pid: number, proc = "/proc"): Promise<string | undefined> {
  const stat = await ifVisible(readFile(`${proc}/${pid}/stat`, "utf8"));
  return stat === undefined ? undefined : parseStart(stat);
}

/** proc_pid_stat(5): state is field 3, starttime field 22; the name (field 2) may hold spaces and brackets. */
export function parseStart(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  return state === "Z" || state === "X" ? "ended" : fields[22 - 3];
}
