/*
 * What a command costs before it does anything: `genkan --version` and `--help` beside a bare
 * `node -e 0`, interleaved, medians, as ratios.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROUNDS = 21;
const program = join(import.meta.dirname, "../dist/genkan.js");
const rows = {
  "node -e 0": ["-e", "0"],
  "genkan --version": [program, "--version"],
  "genkan --help": [program, "--help"],
};

const times = Object.fromEntries(
  Object.keys(rows).map((name) => [name, /** @type {number[]} */ ([])]),
);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, args] of Object.entries(rows)) {
    const begun = performance.now();
    execFileSync(process.execPath, args);
    times[name]?.push(performance.now() - begun);
  }
}
const median = (/** @type {number[]} */ list) => list.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;
const bare = median(times["node -e 0"] ?? []);
for (const [name, list] of Object.entries(times)) {
  const ms = median(list);
  console.log(`${name.padEnd(18)} ${ms.toFixed(0).padStart(4)} ms  ${(ms / bare).toFixed(2)} x`);
}
