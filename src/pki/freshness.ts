/*
 * When a leaf is served, renewed or replaced. Pure; asked at every handshake with the wall clock,
 * since a machine sleeps, and clocks are set.
 */
import { type LeafRequest, sameRequest } from "./rules.ts";

export interface LeafTimes {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** What a handshake does: serve the leaf there is, serve it and renew meanwhile, or wait for another. */
export type Step = "serve" | "serve-and-renew" | "wait";

export interface Moment {
  /** The leaf there is. */
  readonly leaf: LeafTimes;
  readonly names: LeafRequest;
  readonly wanted: LeafRequest;
  readonly now: number;
  /** When making another last failed; it then rests a while. */
  readonly failedAt: number | undefined;
}

/** Time enough for a month of troubles with a leaf of 90 days; what Let's Encrypt advises. */
const RENEW_AT = 2 / 3;
/** How long a failed renewal rests while a leaf that has not expired serves. */
const REST = 60_000;

export function stepAt({ leaf, names, wanted, now, failedAt }: Moment): Step {
  const isResting = failedAt !== undefined && Math.abs(now - failedAt) < REST;
  if (!isUnexpired(leaf, now)) return "wait";
  // For other names, or of the future (the clock was set back): only better than none.
  if (!sameRequest(names, wanted) || now < leaf.notBefore) return isResting ? "serve" : "wait";
  const life = leaf.notAfter - leaf.notBefore;
  const isFresh = now < leaf.notBefore + life * RENEW_AT;
  return isFresh || isResting ? "serve" : "serve-and-renew";
}

export function isUnexpired(leaf: LeafTimes, now: number): boolean {
  return now < leaf.notAfter;
}
