import { expect, test } from "vitest";
import { when } from "./when.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test.each([
  [0, "now"],
  [-30_000, "now"],
  [-5 * MINUTE, "5 minutes ago"],
  [-119 * MINUTE, "119 minutes ago"],
  [-3 * 60 * MINUTE, "3 hours ago"],
  [-47 * 60 * MINUTE, "47 hours ago"],
  [-3 * DAY, "3 days ago"],
  [2.5 * DAY, "in 2 days"],
  [-65 * DAY, "2 months ago"],
])("%d ms from now is said as %s", (away, words) => {
  expect(when(1e12 + away, 1e12, "en")).toBe(words);
});

test("times are said in Japanese, too", () => {
  expect(when(1e12 - 3 * DAY, 1e12, "ja")).toBe("3 日前");
});
