/*
 * A report for a person: the cause and its fix first, then everything that was looked at. Marks
 * are words, so nothing is lost without colour; what checks say is made safe for the terminal.
 */
import type { Fix } from "../kernel/check.ts";
import { printable } from "../kernel/printable.ts";
import { type CheckResult, isBroken, type Report } from "./report.ts";

/** Lines of text, without colours, the last one ended too. */
export function reportText(report: Report): string {
  const { cause, results } = report;
  const width = Math.max(...results.map((result) => markOf(result).length), 0);
  const list = results.flatMap((result) => {
    const fix = result === cause ? [] : fixLines(result, " ".repeat(width + 4));
    return [`  ${markOf(result).padEnd(width)}  ${sentenceOf(result)}`, ...fix];
  });
  const first = cause ? [...fixLines(cause, "  "), ""] : results.length > 0 ? [""] : [];
  return [headline(report), ...first, ...list, ""].join("\n");
}

function headline({ results, cause }: Report): string {
  const broken = results.filter(isBroken).length;
  if (cause) {
    const first = broken === 1 ? "1 thing to fix" : `${broken} things to fix, this one first`;
    return `${first}: ${sentenceOf(cause)}`;
  }
  const better = results.filter(({ outcome }) => outcome.state === "unwell").length;
  const open = results.filter(({ outcome }) => outcome.state === "unknown").length;
  const notes = [
    better > 0 ? `${things(better)} could be better` : "",
    open > 0 ? `${things(open)} could not be looked at` : "",
  ];
  return `${["Nothing to fix", ...notes].filter(Boolean).join("; ")}.`;
}

function things(count: number): string {
  return count === 1 ? "1 thing" : `${count} things`;
}

function markOf({ outcome }: CheckResult): string {
  switch (outcome.state) {
    case "well":
      return "ok";
    case "unwell":
      return outcome.severity === "high" ? "FIX" : "could be better";
    case "unknown":
    case "skipped":
      return "not checked";
  }
}

/** A title says what is true when all is well; where it is not, the finding's own sentence stands. */
function sentenceOf({ id, title: words, outcome }: CheckResult): string {
  const title = printable(words);
  switch (outcome.state) {
    case "well":
      return outcome.note === undefined ? title : `${title} (${printable(outcome.note)})`;
    case "unwell":
      return `${said(outcome.says)} [${id}]`;
    case "unknown":
      return `${title}: ${said(outcome.why)} [${id}]`;
    case "skipped":
      return `${title}: first ${outcome.because} must be well [${id}]`;
  }
}

function fixLines({ outcome }: CheckResult, indent: string): string[] {
  return outcome.state === "unwell" ? linesOf(outcome.fix).map((line) => indent + line) : [];
}

/** Advice may have lines of its own. */
function linesOf({ says, command }: Fix): string[] {
  const lines = says.split("\n").map((line) => line.trimEnd());
  const all =
    command === undefined ? lines : [...lines, ...command.split("\n").map((line) => `  ${line}`)];
  return all.map((line) => (/^ */.exec(line)?.[0] ?? "") + said(line));
}

function said(text: string): string {
  return printable(text, 1_000);
}
