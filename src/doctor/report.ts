/*
 * What doctor found, as plain data: the renderers (report-text.ts, report-json.ts), the portal and
 * status read it; run-checks.ts makes it.
 */
import type { Finding } from "../kernel/check.ts";

export type Outcome =
  | Finding
  /** Not looked at: `because` is the id of the check that must be well first and is not. */
  | { readonly state: "skipped"; readonly because: string };

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
}

export interface Report {
  /** In dependency order: what others depend on comes before them. */
  readonly results: readonly CheckResult[];
  /** What to fix first: the first thing in that order that keeps something from working. */
  readonly cause: CheckResult | undefined;
}

/** Makes a report of results that are in dependency order. */
export function reportOf(results: readonly CheckResult[]): Report {
  return { results, cause: results.find(isBroken) };
}

/** Something does not work. */
export function isBroken({ outcome }: CheckResult): boolean {
  return outcome.state === "unwell" && outcome.severity === "high";
}
