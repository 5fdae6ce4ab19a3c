/*
 * How long something is good for, as a person writes it: `2d`, `12h`, `90m`. Pure.
 */
import { modelErrors } from "./errors.ts";

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE };
/** Milliseconds: ten years. What is to last longer has no end. */
const LONGEST = 3650 * 24 * 60 * MINUTE;

/**
 * @param text one whole number and one unit: minutes, hours or days.
 * @returns milliseconds. @throws DURATION_INVALID
 */
export function parseDuration(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,7})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) {
    const why = "it is one whole number and m, h or d, for minutes, hours or days";
    throw modelErrors.DURATION_INVALID({ duration: text, why });
  }
  if (ms === 0) throw modelErrors.DURATION_INVALID({ duration: text, why: "it is over at once" });
  if (ms > LONGEST) {
    throw modelErrors.DURATION_INVALID({ duration: text, why: "ten years are the most" });
  }
  return ms;
}
