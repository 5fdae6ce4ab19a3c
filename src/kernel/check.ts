/*
 * The words of doctor, status and the portal. A feature owns its checks (`<feature>/checks.ts`);
 * whoever runs them has never heard of the feature. A check only looks: it changes nothing.
 */

export interface Check {
  /** Stable and documented: `trust.system-store`. */
  readonly id: string;
  /** What is true when all is well: "This computer trusts the door". */
  readonly title: string;
  /** Ids of checks that must be well first: no symptom is reported when its cause is known. */
  readonly dependsOn?: readonly string[];
  /** Milliseconds it may take; what whoever runs it gives to every check, unless told. */
  readonly patienceMs?: number;
  /** Looks at the world. A throw counts as `unknown`. */
  look(signal: AbortSignal): Promise<Finding>;
}

/** The way out of a trouble: a sentence, and the command where there is one. */
export interface Fix {
  readonly says: string;
  readonly command?: string;
}

export type Finding =
  | { readonly state: "well"; readonly note?: string }
  | {
      readonly state: "unwell";
      /** `high`: something does not work. `low`: it works, and could be better. */
      readonly severity: "high" | "low";
      readonly says: string;
      readonly fix: Fix;
    }
  | { readonly state: "unknown"; readonly why: string };
