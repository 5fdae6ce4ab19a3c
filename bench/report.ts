/*
 * Results as Markdown tables. Pure.
 */
import type { Column, Results, Section } from "./results.ts";

/** By this name: what the others are compared with. */
export const BASE = "nginx, the article's";

export function sectionText(section: Section, results: Results, peers: readonly string[]): string {
  const { title, text, columns } = section;
  const rows = peers
    .map((peer) => [peer, ...columns.map((column) => cell(column, results, peer))])
    .filter((row) => row.slice(1).some((value) => value !== ABSENT));
  if (rows.length === 0) return "";
  const head = ["", ...columns.map((column) => column.title)];
  return `### ${title}\n\n${text}\n\n${table([head, ...rows])}`;
}

/** A Markdown table as the formatter writes it: the first row is the head. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(3, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, i) => (row[i] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${[line(head), rule, ...rows.slice(1).map(line)].join("\n")}\n`;
}

const ABSENT = "-";

function cell(column: Column, results: Results, peer: string): string {
  const value = results.number(column.title, peer);
  const said = results.text(column.title, peer);
  if (value === undefined) return said ?? ABSENT;
  const ratio = ratioOf(column, results, value);
  return [column.format(value), ratio, said && `(${said})`].filter(Boolean).join(" ");
}

function ratioOf({ ratioTo }: Column, results: Results, value: number): string | undefined {
  const base = ratioTo === undefined ? undefined : results.number(ratioTo, BASE);
  return base === undefined ? undefined : `(${(value / base).toFixed(2)} x)`;
}
