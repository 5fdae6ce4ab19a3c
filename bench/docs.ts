/*
 * Puts a run's tables into docs/benchmarks.md, between its marks, and draws the picture. What people wrote
 * around them stays.
 */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Bar, barChart } from "./chart.ts";
import type { Results } from "./results.ts";
import { REQUESTS } from "./sections.ts";

const DOCS = join(import.meta.dirname, "../docs");
const BEGIN = "<!-- what follows is written by `npm run bench` -->";
const END = "<!-- what is above is written by `npm run bench` -->";

export interface Measured {
  readonly tables: readonly string[];
  readonly results: Results;
  readonly versions: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  readonly how: How;
}

/** How the run was: what a reader needs to judge it. */
interface How {
  readonly rounds: number;
  readonly minutes: number;
  /** The system's load average before the run and after each of its parts; the run itself makes about 2. */
  readonly loads: readonly number[];
}

export async function writeDocs({
  tables,
  results,
  versions,
  names,
  how,
}: Measured): Promise<void> {
  const path = join(DOCS, "benchmarks.md");
  const page = await readFile(path, "utf8");
  const [before, rest = ""] = page.split(BEGIN);
  const after = rest.slice(rest.indexOf(END));
  const day = new Date().toISOString().slice(0, 10);
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const where = `Measured on ${day}, on a machine with ${availableParallelism()} cores, with Node ${process.versions.node}: ${programs.join("; ")}. ${sentenceOf(how)}`;
  await writeFile(path, `${before}${BEGIN}\n\n${where}\n\n${tables.join("\n")}\n${after}`);
  await writeFile(join(DOCS, "images/benchmarks.svg"), picture(results, names));
}

function sentenceOf({ rounds, minutes, loads }: How): string {
  const load = loads.map((value) => value.toFixed(1)).join(", ");
  return `${rounds} rounds in ${minutes.toFixed(0)} minutes; load average before and after each part (the run itself makes about 2): ${load}.`;
}

function picture(results: Results, names: readonly string[]): string {
  const bars = REQUESTS.filter(({ path }) => path === "/100").flatMap(({ title, isHttp2 }) =>
    names.flatMap((name): Bar[] => {
      const value = results.number(title, name);
      const label = `${name}${isHttp2 ? ", HTTP/2" : ""}`;
      return value === undefined ? [] : [{ name: label, value, isOurs: name.startsWith("Genkan") }];
    }),
  );
  const sorted = bars.toSorted((a, b) => a.value - b.value);
  return barChart("CPU time of a small request over TLS, in microseconds; less is better", sorted);
}
