/*
 * Wrong guesses at six digits, counted for each source and for all. In memory only: a door that
 * starts anew has no invitation open that could be guessed.
 */

export interface Guesses {
  /** Why this source may not guess now, and for how long. */
  lockOf(source: string): Lock | undefined;
  /** Milliseconds that all are locked out for; 0 where they are not. */
  allLockedMs(): number;
  countWrong(source: string): void;
  /** Begins anew: the owner has opened a new invitation. */
  forgive(): void;
}

export interface Lock {
  readonly by: "source" | "all";
  readonly waitMs: number;
}

/** Milliseconds. */
export const LOCK_OUT = 10 * 60_000;
/** Wrong guesses in LOCK_OUT. Twenty, at three open invitations, hit with a chance of 6 in 100,000. */
export const WRONG_BY_SOURCE = 5;
export const WRONG_BY_ALL = 20;

interface Count {
  readonly wrong: number;
  /** The window in which they count ends then. */
  readonly until: number;
}

const NONE: Count = { wrong: 0, until: 0 };

/** @param onLockedOut told once for each time all are locked out. */
export function createGuesses(steadyNow: () => number, onLockedOut: () => void): Guesses {
  // At most WRONG_BY_ALL sources can be in here: then all are locked out.
  const bySource = new Map<string, Count>();
  let byAll = NONE;
  const allLockedMs = (): number =>
    byAll.wrong >= WRONG_BY_ALL ? Math.max(0, byAll.until - steadyNow()) : 0;
  return {
    allLockedMs,
    lockOf(source) {
      const now = steadyNow();
      const own = bySource.get(source) ?? NONE;
      const waitMs = allLockedMs();
      if (waitMs > 0) return { by: "all", waitMs };
      if (own.wrong < WRONG_BY_SOURCE || now >= own.until) return undefined;
      return { by: "source", waitMs: own.until - now };
    },
    countWrong(source) {
      const now = steadyNow();
      if (now >= byAll.until) bySource.clear(); // none of them can be younger than that
      byAll = more(byAll, now);
      bySource.set(source, more(bySource.get(source) ?? NONE, now));
      if (byAll.wrong === WRONG_BY_ALL) onLockedOut();
    },
    forgive() {
      bySource.clear();
      byAll = NONE;
    },
  };
}

function more({ wrong, until }: Count, now: number): Count {
  return now < until ? { wrong: wrong + 1, until } : { wrong: 1, until: now + LOCK_OUT };
}
