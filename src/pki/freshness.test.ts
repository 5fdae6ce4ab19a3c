import { describe, expect, test } from "vitest";
import { stepAt } from "./freshness.ts";

const DAY = 24 * 60 * 60 * 1000;
const leaf = { notBefore: 0, notAfter: 90 * DAY };
const names = { dns: ["hello.local"] };

const at = (now: number, failedAt?: number) =>
  stepAt({ leaf, names, wanted: names, now, failedAt });

describe("a leaf of 90 days", () => {
  test.each([
    ["at its first instant", 0, "serve"],
    ["a moment before two thirds", 60 * DAY - 1, "serve"],
    ["at two thirds", 60 * DAY, "serve-and-renew"],
    ["a moment before its end", 90 * DAY - 1, "serve-and-renew"],
    ["at its end", 90 * DAY, "wait"],
    ["long after", 400 * DAY, "wait"],
    ["before its time, the clock having been set back", -1, "wait"],
  ])("%s", (_, now, step) => expect(at(now)).toBe(step));
});

describe("after a renewal that failed", () => {
  test("what is valid serves, and the next attempt waits a minute", () => {
    expect(at(61 * DAY, 61 * DAY - 59_999)).toBe("serve");
    expect(at(61 * DAY, 61 * DAY - 60_000)).toBe("serve-and-renew");
  });

  test("a clock set back does not let it rest for ever", () => {
    expect(at(61 * DAY, 70 * DAY)).toBe("serve-and-renew");
  });

  test("what is of the future or for other names serves for that minute", () => {
    expect(at(-DAY, -DAY)).toBe("serve");
    const wanted = { dns: ["other.local"] };
    expect(stepAt({ leaf, names, wanted, now: DAY, failedAt: DAY })).toBe("serve");
  });

  test("what expired never serves", () => {
    expect(at(91 * DAY, 91 * DAY)).toBe("wait");
  });
});

test("a leaf for other names is not served", () => {
  const wanted = { ips: ["127.0.0.1"] };
  expect(stepAt({ leaf, names, wanted, now: DAY, failedAt: undefined })).toBe("wait");
});
