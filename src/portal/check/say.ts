/*
 * Verdicts in words: rows as the page shows them, first by the server, then by its script.
 */
import type { Language } from "../language.ts";
import { overall, type Row, type State, type Verdict } from "./judge.ts";
import { EN } from "./words-en.ts";
import { JA } from "./words-ja.ts";
import type { CheckWords, Facts } from "./words.ts";

export interface ShownRow {
  readonly row: string;
  readonly state: State;
  /** The state in a word: no meaning by colour alone. */
  readonly word: string;
  readonly says: string;
  readonly next: string;
}

export interface Shown {
  readonly state: State;
  readonly says: string;
  readonly rows: readonly ShownRow[];
}

export function checkWords(language: Language): CheckWords {
  return language === "ja" ? JA : EN;
}

/** What the script of the page is answered, and what the page says before it runs. */
export function say(verdicts: readonly Verdict[], words: CheckWords, facts: Facts): Shown {
  const state = overall(verdicts);
  const rows = verdicts.map(({ row, state: is, because }) => {
    const { says, next = "" } = words.because[because];
    return { row, state: is, word: words.states[is], says: says(facts), next };
  });
  return { state, says: summary(rows, state, words), rows };
}

/** What is not well by name: its row may be far down. */
function summary(rows: readonly { row: Row; state: State }[], state: State, words: CheckWords) {
  if (state !== "unwell") return words.overall[state];
  const unwell = rows.filter((row) => row.state === state).map(({ row }) => words.rows[row]);
  return `${words.overall.unwell} ${unwell.join(" · ")}`;
}
