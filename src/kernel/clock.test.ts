import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

test("now is the wall clock in milliseconds", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("every runs the task again and again until it is told to stop", async () => {
  let runs = 0;
  await new Promise<void>((resolve) => {
    const stop = systemClock.every(1, () => {
      runs += 1;
      if (runs < 3) return;
      stop();
      resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(3);
});

test("a timer holds no process open", () => {
  const stop = systemClock.every(60_000, () => undefined);
  expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout")).toEqual(
    activeTimeoutsWithout(stop),
  );
});

/** Node counts only timers that are referenced, so taking ours away must change nothing. */
function activeTimeoutsWithout(stop: () => void): string[] {
  stop();
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout");
}
