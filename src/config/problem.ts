/*
 * One thing that is wrong with the configuration, in two stages: a Fault knows the key, a Problem
 * knows the line too.
 */

/** Keys (and positions in lists, from 0) from the top of the file down. */
export type Path = readonly (string | number)[];

export interface Fault {
  readonly path: Path;
  /** What the trouble is with: the key itself, or what stands behind it. */
  readonly at: "key" | "value";
  /** A sentence or two that name the value and what is allowed. */
  readonly says: string;
}

export interface Problem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Empty where no key is known: the text is no YAML. */
  readonly path: Path;
  readonly says: string;
}
