/*
 * The book of names: which are wanted, which are ours, which another machine has, and what stands in
 * for those. No network is asked here.
 */
import type { Loss } from "./loss.ts";
import { isCarried, nameInstead, needsAnotherWay } from "./names.ts";
import type { NameStatus } from "./status.ts";

/** Whoever takes so many stand-ins for one name too does not have them by chance. */
const MOST_STAND_INS = 3;

interface Lost extends Omit<Loss, "name"> {
  readonly attempt: number;
}

export interface Book {
  /** The names of a plan. */
  want(names: Iterable<string>): void;
  /** The names to announce: wanted, carried and not another's. */
  toAnnounce(): string[];
  held(name: string): void;
  /** Forgets what is ours: it is claimed anew, by another publisher or on another network. */
  unsettle(): void;
  /**
   * A name is another's. @returns what is to be told: the name the person knows, and what stands in for it
   * now; undefined where the name is lost already.
   */
  lose(name: string, owner: string | undefined): Loss | undefined;
  /** Tries anew for names nothing stands in for. @returns whether there was one. */
  forgive(): boolean;
  /** Name of the plan -> name that stands in for it. */
  renames(): ReadonlyMap<string, string>;
  names(): NameStatus[];
  notCarried(): string[];
}

/** @param box the machine's short name. */
export function createBook(box: string): Book {
  let wanted: readonly string[] = [];
  const held = new Set<string>();
  const losses = new Map<string, Lost>();
  /** Every stand-in there ever was, and what it stood in for. */
  const standIns = new Map<string, string>();
  const originalOf = (name: string): string => standIns.get(name) ?? name;
  /** Lost itself, or a stand-in that another one has followed. */
  const isGivenUp = (name: string): boolean =>
    losses.has(name) || (standIns.has(name) && losses.get(originalOf(name))?.instead !== name);

  return {
    want: (names) => {
      wanted = [...names];
      for (const name of held) if (!wanted.includes(name)) held.delete(name);
    },
    toAnnounce: () => wanted.filter((name) => isCarried(name) && !isGivenUp(name)),
    held: (name) => void held.add(name),
    unsettle: () => held.clear(),
    lose: (lost, owner) => {
      if (isGivenUp(lost) || !wanted.includes(lost)) return undefined;
      const name = originalOf(lost);
      held.delete(lost);
      const attempts = losses.get(name)?.attempt ?? 0;
      const next = standIn((attempt) => nameInstead(name, box, attempt), attempts + 1, wanted);
      losses.set(name, { owner, ...next });
      if (next.instead !== undefined) standIns.set(next.instead, name);
      return { name, owner, instead: next.instead };
    },
    forgive: () => {
      const hopeless = [...losses].filter(([, { instead }]) => instead === undefined);
      for (const [name] of hopeless) losses.delete(name);
      return hopeless.length > 0;
    },
    renames: () => {
      const pairs = [...losses].flatMap(([name, { instead }]) =>
        instead === undefined ? [] : [[name, instead] as const],
      );
      return new Map(pairs);
    },
    names: () =>
      wanted.filter(isCarried).map((name) => {
        const loss = losses.get(name);
        const state = loss ? "taken" : held.has(name) ? "announced" : "claimed";
        return { name, state, owner: loss?.owner, instead: loss?.instead };
      }),
    notCarried: () => wanted.filter(needsAnotherWay),
  };
}

/** The first that is none of the person's own names. */
function standIn(
  nth: (attempt: number) => string,
  first: number,
  wanted: readonly string[],
): Pick<Lost, "instead" | "attempt"> {
  for (let attempt = first; attempt <= MOST_STAND_INS; attempt++) {
    const instead = nth(attempt);
    if (!wanted.includes(instead)) return { instead, attempt };
  }
  return { instead: undefined, attempt: MOST_STAND_INS };
}
