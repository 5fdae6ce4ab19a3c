/*
 * What nginx remembers of whom the daemon let in: a file each, named by a hash. nginx looks for the file at every
 * request and keeps none open, so that without it the daemon is asked again.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";

export interface GateMemory {
  /** A yes of now may be remembered until then: the last good second, in Unix time. */
  goodUntil(): number;
  /** From the next request on the daemon is asked about everybody. Never throws. */
  forgetAll(): void;
  stop(): void;
}

export interface GateMemoryWiring {
  /** nginx's folder for it; there may be none. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Seconds: with the rest of the second it is said in, less than five. */
const GOOD_FOR = 4;
/** Milliseconds after which a yes that was on its way to nginx may have become a file. */
const AGAIN = [10, 50, 250, 1000, 2500, 5000];
/** Milliseconds between looks at the clock, and what it may go wrong by in that time. */
const LOOK = 2500;
const UNSTEADY = 500;

export function createGateMemory({ dir, clock, log }: GateMemoryWiring): GateMemory {
  const timers = new Set<NodeJS.Timeout>();
  const drift = (): number => clock.now() - performance.now();
  let known = drift();
  let isUsed = false;

  function forgetNow(): void {
    try {
      for (const name of readdirSync(dir))
        if (FILE.test(name)) rmSync(join(dir, name), { force: true });
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT") return; // nginx has remembered nobody
      log.error("gate.not-forgotten", { why: messageOf(thrown) }); // it ends by itself, within five seconds
    }
  }

  function forgetAll(): void {
    forgetNow();
    for (const ms of AGAIN) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        forgetNow();
      }, ms);
      timers.add(timer.unref());
    }
  }

  // Set back, the wall clock would make what is remembered good for longer.
  const stopLooking = clock.every(LOOK, () => {
    const found = drift();
    if (isUsed && found < known - UNSTEADY) forgetAll();
    known = found;
    isUsed = false;
  });

  return {
    goodUntil() {
      isUsed = true;
      return Math.floor(clock.now() / 1000) + GOOD_FOR;
    },
    forgetAll,
    stop() {
      stopLooking();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Others are being written: they get such a name when they are whole. */
const FILE = /^[0-9a-f]{32}$/;
