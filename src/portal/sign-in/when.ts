/*
 * Times in words, seen from now: a page does not know its reader's time zone. Pure.
 */
import type { Language } from "../language.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  [30 * DAY, "month", 30 * DAY],
  [2 * DAY, "day", DAY],
  [2 * HOUR, "hour", HOUR],
  [0, "minute", MINUTE],
] as const;

/** `3 days ago`, `in 2 hours`, `now`. @param time and @param now milliseconds since the epoch. */
export function when(time: number, now: number, language: Language): string {
  const away = time - now;
  const [, unit, length] = UNITS.find(([least]) => Math.abs(away) >= least) ?? UNITS[3];
  const form = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const count = Math.trunc(away / length);
  return count === 0 ? form.format(0, "second") : form.format(count, unit);
}
