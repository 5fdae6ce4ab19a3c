/*
 * How often something may happen: so many times a minute, for each who asks and for all together.
 */
const MINUTE = 60_000;

export interface Rate {
  /** Whether it may happen once more; counts it if so. */
  admit(who: string, now: number): boolean;
}

export function createRate(perOne: number, perAll: number): Rate {
  let since = 0;
  let all = 0;
  let counts = new Map<string, number>();
  return {
    admit(who, now) {
      if (Math.abs(now - since) >= MINUTE) {
        since = now;
        all = 0;
        counts = new Map();
      }
      const mine = counts.get(who) ?? 0;
      if (mine >= perOne || all >= perAll) return false;
      counts.set(who, mine + 1);
      all += 1;
      return true;
    },
  };
}
