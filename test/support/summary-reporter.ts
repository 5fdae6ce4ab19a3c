/*
 * The end of a test run in words: which tests were skipped and why, then one line that stands alone
 * and can be read by a program: `N passed, N failed, N skipped`.
 */
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";

/** Of a run that was started once (not watching), the last thing the process writes. */
// eslint-disable-next-line import/no-default-export -- vitest loads a reporter by its default export
export default class SummaryReporter implements Reporter {
  #isWatching = false;

  onInit(vitest: Vitest): void {
    this.#isWatching = vitest.config.watch;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const text = summaryOf(modules, errors.length);
    if (this.#isWatching) process.stdout.write(text);
    else process.once("exit", () => process.stdout.write(text));
  }
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** @param strayErrors how many errors belong to no test; each counts as a failure. */
function summaryOf(modules: readonly TestModule[], strayErrors: number): string {
  const counts: Counts = { passed: 0, failed: strayErrors, skipped: 0 };
  const reasons = new Map<string, number>();
  for (const module of modules) {
    countBrokenFrames(module, counts);
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") counts.passed += 1;
      else if (state === "failed") counts.failed += 1;
      else {
        counts.skipped += 1;
        const reason = `${module.relativeModuleId}: ${reasonOf(test)}`;
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
  }
  const skips = [...reasons].map(([reason, tests]) => `  ${reason} (${tests})\n`);
  const why = skips.length === 0 ? "" : `\nSkipped:\n${skips.join("")}`;
  return `${why}\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}

/** A file that cannot be loaded, or a hook that fails, has no failed test of its own, yet is a failure. */
function countBrokenFrames(module: TestModule, counts: Counts): void {
  const frames = [module, ...module.children.allSuites()];
  counts.failed += frames.filter((frame) => frame.errors().length > 0).length;
}

/** A reason given with the skip; else the title of the outermost suite that is skipped, which says why. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  if (result.state === "skipped" && result.note !== undefined) return result.note;
  const suites: TestSuite[] = [];
  for (let at = test.parent; at.type === "suite"; at = at.parent) suites.unshift(at);
  const skipped = suites.find((suite) => suite.options.mode === "skip");
  return (skipped ?? test).name;
}
