/*
 * Who is here: exchanges and WebSockets under way, by what they hang on (a device, an app), so that they are broken
 * off when that ends or closes.
 */
import type { Visitor } from "./visitor.ts";

export interface Presence {
  /** Remembers a visitor until its exchange is over. */
  enter(key: string, visitor: Visitor): void;
  /** Breaks off everything that hangs on this. */
  end(key: string): void;
}

export function createPresence(): Presence {
  const present = new Map<string, Set<Visitor>>(); // an empty set stays: the next visitor needs it again
  return {
    enter(key, visitor) {
      const visitors = present.get(key) ?? new Set();
      present.set(key, visitors.add(visitor));
      visitor.onOver(() => visitors.delete(visitor));
    },
    end(key) {
      for (const visitor of present.get(key) ?? []) visitor.breakOff();
      present.delete(key);
    },
  };
}
