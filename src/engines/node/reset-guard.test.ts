import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { createResetGuard } from "./reset-guard.ts";

test("resets are counted per window, and too many are told once", () => {
  let told = 0;
  const guard = createResetGuard({ resets: 3, resetWindow: 60_000 }, () => (told += 1));
  for (let i = 0; i < 3; i += 1) guard.count();
  expect(told).toBe(0);
  for (let i = 0; i < 10; i += 1) guard.count();
  expect(told).toBe(1);
  const patient = createResetGuard({ resets: 1, resetWindow: -1 }, () => (told += 1));
  for (let i = 0; i < 10; i += 1) patient.count();
  expect(told).toBe(1);
});

/** Windows follow one another, so what falls into one length of time lies within two of them at most. */
function verdictsOn(most: number, resets: number): ("few" | "many")[] {
  if (most <= resets) return ["few"];
  return most > resets * 2 ? ["many"] : ["few", "many"];
}

test("whoever stays below the number at all times is never told of, whoever goes far beyond it always is", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const pauses = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 5 }), (waits, resets) => {
      let told = 0;
      const guard = createResetGuard({ resets, resetWindow: 100 }, () => (told += 1));
      const times = waits.map((pause) => {
        vi.advanceTimersByTime(pause);
        guard.count();
        return performance.now();
      });
      const before = times.map((end) => times.filter((time) => time <= end && end - time <= 100));
      const most = Math.max(0, ...before.map(({ length }) => length));
      expect(verdictsOn(most, resets)).toContain(told === 0 ? "few" : "many");
    }),
  );
});
