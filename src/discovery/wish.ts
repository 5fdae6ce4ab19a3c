/*
 * What a container asks of the door, whoever's words it is said in.
 */
import type { AppAccess } from "../model/admission.ts";
import type { OpenPath } from "../model/open-paths.ts";
import type { PresetName } from "../model/preset.ts";

export interface Wish {
  readonly name: string;
  readonly hosts: readonly string[];
  /** In the container; undefined where it does not say. */
  readonly port: number | undefined;
  readonly scheme: "http" | "https";
  readonly access: AppAccess;
  readonly openPaths: readonly OpenPath[];
  readonly preset: PresetName | undefined;
}

/** What was said cannot be done; the message is a sentence for the person. */
export class WishError extends Error {
  override readonly name = "WishError";
}

/** @throws WishError */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw new WishError(`${JSON.stringify(text.slice(0, 40))} is no port.`);
}

/** `a, b c` -> its words, each once. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
