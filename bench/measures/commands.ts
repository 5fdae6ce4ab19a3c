/*
 * What a command costs before it does anything: `genkan --version` and `--help` beside a bare `node -e 0`.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const PROGRAM = join(import.meta.dirname, "../../dist/genkan.js");
export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  "node -e 0": ["-e", "0"],
  "genkan --version": [PROGRAM, "--version"],
  "genkan --help": [PROGRAM, "--help"],
};

/** Calls back with each command's milliseconds, round by round. */
export function measureCommands(rounds: number, note: (name: string, ms: number) => void): void {
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(COMMANDS)) {
      const begun = performance.now();
      execFileSync(process.execPath, args);
      note(name, performance.now() - begun);
    }
  }
}
