/*
 * Who is here: exchanges and WebSockets under way, by the device that asked for them, so that they end at once
 * when the device does.
 */
import type { Visitor } from "./visitor.ts";

export interface Presence {
  /** Remembers a visitor until its exchange is over. */
  enter(device: string, visitor: Visitor): void;
  /** Breaks off everything of a device. */
  end(device: string): void;
}

export function createPresence(): Presence {
  const present = new Map<string, Set<Visitor>>();
  return {
    enter(device, visitor) {
      const visitors = present.get(device) ?? new Set();
      present.set(device, visitors.add(visitor));
      visitor.onOver(() => {
        visitors.delete(visitor);
        if (visitors.size === 0) present.delete(device);
      });
    },
    end(device) {
      for (const visitor of present.get(device) ?? []) visitor.breakOff();
    },
  };
}
