import type { Clock } from "../../src/kernel/clock.ts";

export interface MovedClock extends Clock {
  /** Sets the hour; milliseconds since the epoch. */
  set(now: number): void;
  /** Moves it on, or back. */
  move(ms: number): void;
}

/** A wall clock the test owns: it starts at the real hour and stands still until moved. Nothing is ever due. */
export function movedClock(start = Date.now()): MovedClock {
  let now = start;
  return {
    now: () => now,
    every: () => () => undefined,
    set: (to) => {
      now = to;
    },
    move: (ms) => {
      now += ms;
    },
  };
}
