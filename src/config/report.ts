/*
 * Problems -> the text a person reads, one line each, in the `file:line:column` form that editors and
 * terminals open. Pure.
 */
import { basename } from "node:path";
import { printable } from "../kernel/printable.ts";
import type { Path, Problem } from "./problem.ts";

/** More than these on one screen help nobody. */
const MOST_SHOWN = 20;

/** The whole report: a headline and every problem. @param path the file's, shown in full in the headline */
export function reportOf(path: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  const lines = problems.slice(0, MOST_SHOWN).map((problem) => `  ${lineOf(path, problem)}`);
  const more = problems.length - lines.length;
  const rest = more > 0 ? [`  ... and ${more} more`] : [];
  return [`${path} has ${count}:`, ...lines, ...rest].join("\n");
}

/** One problem: `genkan.yaml:8:5 apps.wiki.tarjet: The key ...`. */
export function lineOf(path: string, { line, column, path: keys, says }: Problem): string {
  const key = keys.length > 0 ? ` ${keyPath(keys)}:` : "";
  return printable(`${basename(path)}:${line}:${column}${key} ${says}`, LONGEST_LINE);
}

/** `apps.wiki.hosts[0]`; keys that are no plain words in quotes. */
function keyPath(keys: Path): string {
  const parts = keys.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return `.${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`;
  });
  return parts.join("").slice(1);
}

/** Somebody's key can be a megabyte long. */
const LONGEST_LINE = 600;
