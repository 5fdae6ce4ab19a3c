import { expect, test } from "vitest";
import { movedClock } from "../../../test/support/clock.ts";
import { budget, onLink, repeats } from "./guards.ts";
import { recordsFor } from "./packet.ts";

const LINK = {
  interfaceName: "eth0",
  addresses: ["192.168.1.20"],
  networks: ["192.168.1.20/24", "fd12::20/64"],
  ipv4: "192.168.1.20",
  zone: 2,
};

test.each([
  ["192.168.1.77", true],
  ["192.168.2.77", false],
  ["8.8.8.8", false],
  ["fd12::9", true],
  ["fd13::9", false],
  ["fe80::9%eth0", true],
  ["fe80::9%2", true],
  ["fe80::9%wg0", false],
])("a message from %s is taken: %s", (from, taken) => {
  expect(onLink(LINK)(from)).toBe(taken);
});

test("a device gone mad is heard so often a second, and again in the next", () => {
  const clock = movedClock(1_000_000);
  const mayHear = budget(clock);
  const heard = Array.from({ length: 600 }, mayHear).filter(Boolean);
  expect(heard).toHaveLength(500);
  clock.move(1000);
  expect(mayHear()).toBe(true);
});

test("what was said within the last second is not said again to everybody", () => {
  const clock = movedClock();
  const mayRepeat = repeats(clock);
  const reply = { answers: recordsFor("hello.local", ["10.0.0.1"]), denied: [], additionals: [] };
  const other = { answers: recordsFor("hello.local", ["fd12::1"]), denied: [], additionals: [] };
  expect([mayRepeat(reply), mayRepeat(reply), mayRepeat(other)]).toEqual([true, false, true]);
  clock.move(1000);
  expect(mayRepeat(reply)).toBe(true);
});
