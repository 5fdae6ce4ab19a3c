/*
 * What checking a device says, as one shape for every language: words-en.ts and words-ja.ts fill it. A
 * sentence that one of them lacks does not compile.
 */
import type { Language } from "../language.ts";
import type { Because, Row, State } from "./judge.ts";

/** What sentences may name. */
export interface Facts {
  /** The host in the address bar. */
  readonly host: string;
  readonly from: string;
  readonly at: string;
  /** The ports of the trial. */
  readonly ports: string;
}

interface Saying {
  readonly says: (facts: Facts) => string;
  /** What to do next, where there is something. */
  readonly next?: string;
}

export interface CheckWords {
  readonly lang: Language;
  readonly title: string;
  readonly lead: string;
  readonly rows: Readonly<Record<Row, string>>;
  readonly states: Readonly<Record<State, string>>;
  /** `unwell` is followed by the titles of the rows that are. */
  readonly overall: Readonly<Record<State, string>>;
  readonly because: Readonly<Record<Because, Saying>>;
  /** Shown where a report did not reach the door. */
  readonly lost: string;
  readonly withoutScript: string;
  readonly toSteps: string;
  readonly byName: string;
  readonly again: string;
  readonly proof: ProofWords;
}

/** Of the part of the welcome page that turns green by itself. */
export interface ProofWords {
  readonly looking: string;
  readonly paused: string;
  readonly trusted: string;
  readonly tryIt: string;
  readonly check: string;
  readonly pair: string;
  /** To a stranger, over https. */
  readonly unknown: string;
}
