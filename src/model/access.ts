/*
 * Who may open an app, as a person writes it: in the configuration and on the command line.
 */
import { modelErrors } from "./errors.ts";
import type { Access } from "./settings.ts";

/** What can be said so far. */
export const ACCESS_WORDS = ["open"] as const satisfies readonly Access[];

const NEEDS_SIGN_IN =
  "there is no sign-in in this version yet, so it would promise what it does not keep; write open, or nothing";

/** Why a value is not possible, as half a sentence. */
export function whyNoAccess(value: unknown): string {
  if (value === "household" || value === "owner") return NEEDS_SIGN_IN;
  return "write open: everyone who reaches the door may open the app";
}

/**
 * @param text as given on the command line; undefined where nothing was said.
 * @throws ACCESS_IMPOSSIBLE
 */
export function parseAccess(text: string | undefined): Access | undefined {
  if (text === undefined) return undefined;
  const word = ACCESS_WORDS.find((known) => known === text);
  if (word !== undefined) return word;
  throw modelErrors.ACCESS_IMPOSSIBLE({ access: text, why: whyNoAccess(text) });
}
