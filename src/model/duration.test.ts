import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

const HOUR = 3_600_000;

test.each([
  ["90m", 1.5 * HOUR],
  ["12h", 12 * HOUR],
  ["2d", 48 * HOUR],
  ["1m", 60_000],
  ["3650d", 3650 * 24 * HOUR],
])("%s is %d milliseconds", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  "",
  "2",
  "d",
  "2w",
  "2D",
  " 2d",
  "2d ",
  "2 d",
  "2d\n",
  "1.5h",
  "1,5h",
  "-2d",
  "+2d",
  "1d12h",
  "0m",
  "00d",
  "3651d",
  "99999999d",
  "2e3m",
  "٢d",
])("%j is refused, not guessed at", (text) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "DURATION_INVALID" }));
});
