import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../support/temp.ts";

const repo = join(import.meta.dirname, "../..");

/** Runs these test files in a project of their own, with our reporter last, as `npm test` does. */
async function run(files: Record<string, string>): Promise<{ exit: unknown; lines: string[] }> {
  const root = tempFolder();
  mkdirSync(join(root, "t"));
  symlinkSync(join(repo, "node_modules"), join(root, "node_modules"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "t", name), text);
  const vitest = join(repo, "node_modules/vitest/vitest.mjs");
  const reporters = ["default", join(repo, "test/support/summary-reporter.ts")];
  const args = ["run", "--root", root, ...reporters.map((name) => `--reporter=${name}`)];
  // Its own environment: a run inside a run must not think that it is the other's worker.
  const env = { PATH: process.env["PATH"], HOME: root, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, ...args], { env, cwd: root }, (error, stdout) => {
      resolve({ exit: error?.code ?? 0, lines: stdout.trimEnd().split("\n") });
    });
  });
}

test("a good run ends with its counts alone on the last line", async () => {
  const { exit, lines } = await run({
    "good.test.ts": `import { expect, test } from "vitest"; test("a", () => expect(1).toBe(1));`,
  });
  expect(lines.at(-1)).toBe("1 passed, 0 failed, 0 skipped");
  expect(exit).toBe(0);
});

test("what failed outside of tests counts as failed, and skips say why", async () => {
  const { exit, lines } = await run({
    "mixed.test.ts": `
      import { beforeAll, describe, expect, test } from "vitest";
      test("good", () => expect(1).toBe(1));
      test("bad", () => expect(1).toBe(2));
      test("cannot", (context) => context.skip("no network here"));
      describe.skip("real things [not installed: thing]", () => {
        test("one", () => expect(1).toBe(1));
        test("two", () => expect(1).toBe(1));
      });
      describe("no frame", () => {
        beforeAll(() => { throw new Error("broken hook"); });
        test("never run", () => expect(1).toBe(1));
      });`,
    "unloadable.test.ts": `import "./nowhere.ts";`,
  });
  expect(lines.at(-1)).toBe("1 passed, 3 failed, 4 skipped");
  expect(lines).toContain("  t/mixed.test.ts: real things [not installed: thing] (2)");
  expect(lines).toContain("  t/mixed.test.ts: no network here (1)");
  expect(exit).toBe(1);
});
