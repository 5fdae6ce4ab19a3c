/*
 * nginx's own log: what it said last, and how many workers have left. nginx appends to it; the engine keeps
 * it from growing for ever.
 */
import { open, stat, truncate } from "node:fs/promises";
import { codeOf } from "../../kernel/errors.ts";

/** Bytes it may have before it is begun anew. */
const LARGEST = 4 * 1024 * 1024;
/** A worker says this when it takes no more visitors. */
const LEAVING = "gracefully shutting down";

/** Bytes in it now; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return 0;
    throw thrown;
  }
}

/** How many workers said that they leave, after the first `from` bytes. */
export async function leavingAfter(path: string, from: number): Promise<number> {
  return (await textAfter(path, from)).split(LEAVING).length - 1;
}

/** The last lines, for a person. */
export async function lastWords(path: string): Promise<string> {
  const size = await sizeOf(path);
  const lines = (await textAfter(path, Math.max(0, size - 4096))).trim().split("\n");
  const loud = lines.filter((line) => /\[(?:emerg|alert|crit|error)\]/.test(line));
  return loud.slice(-3).join("; ") || "it said nothing";
}

export async function keepShort(path: string): Promise<void> {
  if ((await sizeOf(path)) > LARGEST) await truncate(path, 0);
}

async function textAfter(path: string, from: number): Promise<string> {
  const length = (await sizeOf(path)) - from;
  if (length <= 0) return "";
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, from);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
