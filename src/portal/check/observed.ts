/*
 * What the script of the page tells: read with distrust, since anybody on the network may send it.
 */

/** How one trial in the browser ended: `late` where it has not yet. */
type Trial = "yes" | "no" | "late";

export interface Observed {
  readonly isSecure: boolean;
  /** The device's clock, milliseconds since the epoch. */
  readonly now: number;
  readonly echo: Trial;
  readonly silence: Trial;
  readonly witness: Trial;
  readonly canary: Trial;
}

/** Bytes; what the script sends is a tenth of it. */
export const LONGEST_OBSERVED = 1024;

/** The observations in a text; undefined where it holds something else. */
export function readObserved(text: string): Observed | undefined {
  const said = parsed(text);
  if (typeof said !== "object" || said === null) return undefined;
  const { isSecure, now, echo, silence, witness, canary } = said as Record<string, unknown>;
  if (typeof isSecure !== "boolean" || !isTime(now)) return undefined;
  if (!isTrial(echo) || !isTrial(silence) || !isTrial(witness) || !isTrial(canary)) {
    return undefined;
  }
  return { isSecure, now, echo, silence, witness, canary };
}

/** ECMA-262 section 21.4.1.1: no date lies further from 1970. */
const LAST_DATE = 8.64e15;

function isTime(said: unknown): said is number {
  return Number.isSafeInteger(said) && Math.abs(Number(said)) <= LAST_DATE;
}

function isTrial(said: unknown): said is Trial {
  return said === "yes" || said === "no" || said === "late";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
