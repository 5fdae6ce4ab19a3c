import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** vitest's globalSetup: the tests that run the program run today's. */
export function setup(): void {
  const repository = join(import.meta.dirname, "../..");
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: repository, stdio: "inherit" });
}
