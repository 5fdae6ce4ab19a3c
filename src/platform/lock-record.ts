/*
 * What a lock file says: which process has the home open. Read by whoever wants the home next, by
 * `genkan status` and by `genkan stop`.
 */
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { ifVisible, startOf } from "./linux-processes.ts";

/** What the door tells of itself. */
export interface LockInfo {
  /** What a person typed: `genkan up`. */
  readonly command: string;
  /** The control socket it answers on; empty where it has none. */
  readonly socket: string;
}

export interface LockRecord extends LockInfo {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Names this one taking of the lock, for ever. */
  readonly id: string;
  readonly machine: string;
  /** Linux: this start of the machine, so that pids of an earlier one are not mistaken. */
  readonly boot?: string | undefined;
  /** Linux: the namespace the pid counts in; a container has its own. */
  readonly pidNamespace?: string | undefined;
  /** Linux: the process's start in ticks; with the pid it is one process and no later one. */
  readonly processStart?: string | undefined;
}

/** Where a pid means something: the same boot of the same machine, the same container. */
export type Surroundings = Pick<LockRecord, "machine" | "boot" | "pidNamespace">;

export async function surroundings(): Promise<Surroundings> {
  const boot = await ifVisible(readFile("/proc/sys/kernel/random/boot_id", "utf8"));
  const pidNamespace = await ifVisible(readlink("/proc/self/ns/pid"));
  return { machine: hostname(), boot: boot?.trim(), pidNamespace };
}

/** A record for this process. */
export async function ownRecord(info: LockInfo, id: string): Promise<LockRecord> {
  const processStart = await startOf(process.pid);
  const where = await surroundings();
  return { pid: process.pid, startedAt: Date.now(), ...info, id, ...where, processStart };
}

/** Undefined for what is no record: half written, or somebody else's file. */
export function parseRecord(text: string): LockRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is LockRecord {
  if (typeof value !== "object" || value === null) return false;
  const { pid, startedAt, ...texts } = value as Record<string, unknown>;
  const must = ["id", "command", "socket", "machine"].every(
    (key) => typeof texts[key] === "string",
  );
  const isText = Object.values(texts).every((text) => typeof text === "string");
  // An id becomes part of a file's name; a pid of 0 or less would mean a whole group of processes.
  const isSafe =
    /^[0-9a-f]{32}$/.test(String(texts["id"])) && Number.isSafeInteger(pid) && Number(pid) > 0;
  return must && isText && isSafe && typeof startedAt === "number";
}
