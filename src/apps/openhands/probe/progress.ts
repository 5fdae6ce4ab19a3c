/*
 * The stages of one conversation as they pass, each told once with the seconds since it was begun, and how long the
 * next may take. Called by the deep looks.
 */
import { FIRST_RUN, isWarm, stageOf, WARM } from "./stages.ts";

export interface Progress {
  pass(id: string): void;
  /** Milliseconds that are left; 0 when it took too long. */
  left(): number;
  /** The last stage, in words. */
  last(): string;
}

/** @param now milliseconds by a clock nobody sets. */
export function createProgress(note: (text: string) => void, now: () => number): Progress {
  const began = now();
  let ends = began + FIRST_RUN;
  let hasWarmed = false;
  let last = "it was begun";
  return {
    pass(id) {
      const stage = stageOf(id);
      if (stage === undefined || stage === last) return;
      last = stage;
      note(`${stage} (${Math.round((now() - began) / 1000)} s)`);
      if (!isWarm(id) || hasWarmed) return;
      hasWarmed = true;
      ends = Math.min(ends, now() + WARM);
    },
    left: () => Math.max(0, ends - now()),
    last: () => last,
  };
}
