/*
 * What an attack costs the door in memory, as the system counts it.
 */
import { readFileSync } from "node:fs";
import type { OpenDoor } from "../support/genkan.ts";

/** Bytes of the door's processes that are in memory now (Linux, proc(5)). */
export function residentBytes({ pid }: OpenDoor): number {
  return familyOf(pid).reduce((sum, one) => sum + sizeOf(one), 0);
}

/** An engine may be a program of its own, with workers. */
function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...(children === "" ? [] : children.split(" ").map(Number).flatMap(familyOf))];
}

function sizeOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error("the door is gone");
  return Number(kib) * 1024;
}
