/*
 * What the checks of this folder are handed about one app, and the words they share. Called by checks.ts.
 */
import type { Finding } from "../../../kernel/check.ts";
import type { Recognised } from "./recognise.ts";
import type { Wire } from "./wire.ts";

export interface ProbeFacts {
  /** The app's name. */
  readonly app: string;
  /** Its origin at the door: `https://openhands.local`. */
  readonly url: string;
  /** Where the door asks it: `http://localhost:3000`. */
  readonly upstream: string;
  /** Through the door, let in as a device is. */
  readonly door: Wire;
  /** The same app, asked without the door. */
  readonly direct: Wire;
  /** The way to another origin at the door; undefined where that is none of the app's. */
  readonly elsewhere: (url: URL) => Wire | undefined;
  /** Which OpenHands it is; asked once. */
  readonly recognised: () => Promise<Recognised>;
  /** Canvas' key where its page does not hold it: what Genkan kept when it started it. */
  readonly keptKey: () => Promise<string | undefined>;
  /** Tells the person of a stage that passes. */
  readonly note: (text: string) => void;
  /** Is done when everything was looked at, whatever happened: takes away what a look made. Awaited. */
  readonly afterwards: (task: () => Promise<void>) => void;
}

export function well(note?: string): Finding {
  return note === undefined ? { state: "well" } : { state: "well", note };
}

export function unwell(says: string, fix: string, command?: string): Finding {
  const way = command === undefined ? { says: fix } : { says: fix, command };
  return { state: "unwell", severity: "high", says, fix: way };
}
