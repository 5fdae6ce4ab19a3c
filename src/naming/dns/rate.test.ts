import { expect, test } from "vitest";
import { createRate } from "./rate.ts";

function rateAt(limits: { each: number; all: number; most: number }) {
  let now = 0;
  const rate = createRate(limits, () => now);
  const allowed = (address: string, times: number): number =>
    Array.from({ length: times }, () => rate.allows(address)).filter(Boolean).length;
  return { allowed, wait: (ms: number) => void (now += ms) };
}

test("one asker has its measure, and gets it again with time", () => {
  const { allowed, wait } = rateAt({ each: 10, all: 1000, most: 100 });
  expect(allowed("10.0.0.1", 100)).toBe(20);
  expect(allowed("10.0.0.2", 5)).toBe(5);
  wait(500);
  expect(allowed("10.0.0.1", 100)).toBe(5);
  wait(3_600_000);
  expect(allowed("10.0.0.1", 100)).toBe(20);
});

test("all together have theirs, however many there are", () => {
  const { allowed } = rateAt({ each: 10, all: 50, most: 4 });
  const all = Array.from({ length: 300 }, (_, i) => allowed(`10.0.0.${i}`, 1));
  expect(all.filter(Boolean)).toHaveLength(100);
});

test("the addresses of one IPv6 network are one asker", () => {
  const { allowed } = rateAt({ each: 10, all: 1000, most: 100 });
  expect(allowed("fd00::1", 15) + allowed("fd00::2:0:0:1", 15)).toBe(20);
  expect(allowed("fd00:0:0:1::1", 5)).toBe(5);
});
