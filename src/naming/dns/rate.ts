/*
 * How often one asker, and all together, are answered: a bucket of answers each, refilled by the
 * second. Who sends in another's name fills that one's line with no more than this.
 */
import { sourceOf } from "../../model/source.ts";

export interface Rate {
  /** Whether this asker gets an answer now. */
  allows(address: string): boolean;
}

export interface RateLimits {
  /** Answers per second for one asker, and all together; twice as many at once after a pause. */
  readonly each: number;
  readonly all: number;
  /** Askers remembered; the oldest is forgotten first. */
  readonly most: number;
}

/** A router asks for a whole household, and a resolver's burst is a few dozen. */
export const DNS_RATE: RateLimits = { each: 100, all: 1000, most: 1000 };

interface Bucket {
  left: number;
  at: number;
}

/** @param now milliseconds of a clock that never goes back. */
export function createRate(limits: RateLimits, now: () => number): Rate {
  const askers = new Map<string, Bucket>();
  const everyone: Bucket = { left: 2 * limits.all, at: now() };
  return {
    allows(address) {
      const at = now();
      if (!take(everyone, limits.all, at)) return false;
      const key = sourceOf(address);
      const bucket = askers.get(key) ?? { left: 2 * limits.each, at };
      askers.set(key, bucket);
      if (askers.size > limits.most) forgetOldest(askers);
      return take(bucket, limits.each, at);
    },
  };
}

function take(bucket: Bucket, perSecond: number, now: number): boolean {
  bucket.left = Math.min(2 * perSecond, bucket.left + ((now - bucket.at) / 1000) * perSecond);
  bucket.at = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

function forgetOldest(askers: Map<string, Bucket>): void {
  for (const oldest of askers.keys()) {
    askers.delete(oldest);
    return;
  }
}
