/*
 * Chance that can be had again: the same seed gives the same case. Used by every campaign of the fuzz run.
 */
export interface Random {
  /** From 0 to below `end`. */
  below(end: number): number;
  chance(of: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Mulberry32, begun with a text. */
export function createRandom(seed: string): Random {
  let state = 0;
  for (const char of seed) state = (Math.imul(state, 31) + char.charCodeAt(0)) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    below,
    chance: (of) => next() < of,
    pick: (list) => list[below(list.length)] ?? list[0],
  };
}
