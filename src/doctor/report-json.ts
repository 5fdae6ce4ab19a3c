/*
 * A report for a program: `genkan doctor --json` and the portal. The shape is a promise: fields are
 * added, never changed or taken away without another `version`.
 */
import type { Fix } from "../kernel/check.ts";
import type { CheckResult, Report } from "./report.ts";

export interface ReportJson {
  readonly version: 1;
  /** Nothing keeps anything from working. */
  readonly ok: boolean;
  /** The id of what to fix first, or null. */
  readonly cause: string | null;
  readonly checks: readonly CheckJson[];
}

interface CheckJson {
  readonly id: string;
  readonly title: string;
  readonly state: "well" | "unwell" | "unknown" | "skipped";
  /** With `well`. */
  readonly note?: string;
  /** With `unwell`. */
  readonly severity?: "high" | "low";
  readonly says?: string;
  readonly fix?: Fix;
  /** With `unknown`. */
  readonly why?: string;
  /** With `skipped`: the id of the check that must be well first. */
  readonly because?: string;
}

export function reportJson({ results, cause }: Report): ReportJson {
  return {
    version: 1,
    ok: cause === undefined,
    cause: cause?.id ?? null,
    checks: results.map(checkJson),
  };
}

function checkJson({ id, title, outcome }: CheckResult): CheckJson {
  switch (outcome.state) {
    case "well":
      return {
        id,
        title,
        state: "well",
        ...(outcome.note === undefined ? {} : { note: outcome.note }),
      };
    case "unwell": {
      const { severity, says, fix } = outcome;
      return { id, title, state: "unwell", severity, says, fix };
    }
    case "unknown":
      return { id, title, state: "unknown", why: outcome.why };
    case "skipped":
      return { id, title, state: "skipped", because: outcome.because };
  }
}
