/*
 * Time, handed in: whoever needs the hour or a timer takes a Clock, so a test can own it.
 */

export interface Clock {
  /** Milliseconds since the epoch, by the wall clock (it can jump: sleep, NTP, a person). */
  readonly now: () => number;
  /** Runs `task` every `ms` milliseconds until the returned function is called; never holds the process open. */
  every(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
