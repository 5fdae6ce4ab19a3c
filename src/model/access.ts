/*
 * Who may open an app, as a person writes it: in the configuration and on the command line.
 */
import type { AppAccess } from "./admission.ts";
import { modelErrors } from "./errors.ts";

/** What can be said. */
export const ACCESS_WORDS = ["household", "owner", "open"] as const satisfies readonly AppAccess[];

/** Who may open an app of which nothing is said. */
export const DEFAULT_ACCESS: AppAccess = "household";

/** What there is to say, as half a sentence. */
export const ACCESS_CHOICE =
  "write household (every device that was let in), owner (only devices of owners) or open (everyone who reaches the door)";

/**
 * @param text as given on the command line; undefined where nothing was said.
 * @throws ACCESS_IMPOSSIBLE
 */
export function parseAccess(text: string | undefined): AppAccess {
  if (text === undefined) return DEFAULT_ACCESS;
  const word = ACCESS_WORDS.find((known) => known === text);
  if (word !== undefined) return word;
  throw modelErrors.ACCESS_IMPOSSIBLE({ access: text, why: ACCESS_CHOICE });
}
