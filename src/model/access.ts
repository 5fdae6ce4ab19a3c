/*
 * Who may open an app, as a person says it. Pure; the command line and the schema both ask here, so
 * that nothing is accepted that would not be kept.
 */
import { modelErrors } from "./errors.ts";
import type { Access } from "./settings.ts";

export const ACCESS_WORDS: readonly [Access, ...Access[]] = ["open"];

/** Words that will mean something once there is a sign-in. */
const NEED_SIGN_IN: readonly unknown[] = ["household", "owner"];

/**
 * @param text as given; undefined, where nothing was said, stays so.
 * @throws ACCESS_IMPOSSIBLE for every word that is no access yet
 */
export function parseAccess(text: string | undefined): Access | undefined {
  if (text === undefined) return undefined;
  const word = ACCESS_WORDS.find((known) => known === text);
  if (word !== undefined) return word;
  throw modelErrors.ACCESS_IMPOSSIBLE({ access: text, why: whyNoAccess(text) });
}

/** Why a value is no access, and what is, as half a sentence. */
export function whyNoAccess(value: unknown): string {
  return NEED_SIGN_IN.includes(value)
    ? "there is no sign-in in this version yet, so it would promise what it does not keep. Write open: everyone who reaches the door may open the app"
    : "write open: everyone who reaches the door may open the app";
}
