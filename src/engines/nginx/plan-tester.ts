/*
 * `nginx -t` on a plan: what it would be told is written beside the configuration in force, and tested there.
 */
import { join } from "node:path";
import { writeAtomic } from "../../platform/files.ts";
import type { Run } from "../../platform/run.ts";
import type { NginxFacts, NginxPaths } from "./facts.ts";
import { render } from "./render.ts";
import { type TryPlan, wordsOf } from "./try-config.ts";

export interface PlanTesterWiring {
  readonly run: Run;
  readonly program: string;
  readonly paths: NginxPaths;
}

/** Milliseconds it may take, and more for each name: a certificate is two of them, on a busy machine ten. */
const ENOUGH = 30_000;
const PER_NAME = 20;

export function createPlanTester({ run, program, paths }: PlanTesterWiring) {
  return (facts: NginxFacts): TryPlan =>
    async (plan) => {
      const files = render(plan, facts);
      const candidate = join(paths.dir, "next.conf");
      await writeAtomic(paths.shared, files.shared, { mode: 0o600 });
      await writeAtomic(candidate, files.main, { mode: 0o600 });
      const timeout = ENOUGH + plan.routes.size * PER_NAME;
      try {
        await run(program, ["-t", "-e", "stderr", "-p", paths.dir, "-c", candidate], { timeout });
        return undefined;
      } catch (thrown) {
        return wordsOf(thrown);
      }
    };
}
