/*
 * A command as a person would paste it; for plans, never for running.
 */
import { shellWord } from "../platform/shell-word.ts";

export function commandText(...words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
