/*
 * What an attack costs the door in memory, as the system counts it.
 */
import { readFileSync } from "node:fs";
import type { OpenDoor } from "../support/genkan.ts";

/** Bytes of the door's process that are in memory now (Linux, proc(5)). */
export function residentBytes({ pid }: OpenDoor): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error("the door is gone");
  return Number(kib) * 1024;
}
