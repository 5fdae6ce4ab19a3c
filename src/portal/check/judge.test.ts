import { describe, expect, test } from "vitest";
import { judge, type Known, overall, type Row, ROWS, type Verdict } from "./judge.ts";
import type { Observed } from "./observed.ts";
import { say } from "./say.ts";
import { EN } from "./words-en.ts";
import { JA } from "./words-ja.ts";

const NOW = Date.UTC(2026, 10, 25);
const DAY = 86_400_000;
const known: Known = {
  host: "genkan.local",
  met: { protocol: "h2", from: "192.168.1.7", at: "192.168.1.2" },
  now: NOW,
  certificate: { notBefore: NOW - DAY, notAfter: NOW + 89 * DAY },
  keptCookie: true,
  hasLimits: true,
  reached: { witness: true, canary: true },
};
const observed: Observed = {
  isSecure: true,
  now: NOW,
  echo: "yes",
  silence: "yes",
  witness: "yes",
  canary: "no",
};

function because(row: Row, more: Partial<Observed>, about: Partial<Known> = {}): string {
  const verdicts = judge({ ...observed, ...more }, { ...known, ...about });
  return verdicts.find((verdict) => verdict.row === row)!.because;
}

test("a device that trusts the door and holds it to its limits is well", () => {
  const verdicts = judge(observed, known);
  expect(verdicts.map(({ row }) => row)).toEqual(ROWS);
  expect(overall(verdicts)).toBe("well");
});

describe("the canary", () => {
  test("that was taken means that the device ignores limits, whatever else is so", () => {
    expect(because("limits", { canary: "yes" })).toBe("limits.ignored");
    expect(because("limits", { canary: "yes", witness: "no" })).toBe("limits.ignored");
  });
  test("that was refused proves nothing where everything is refused", () => {
    expect(because("limits", { witness: "no" })).toBe("limits.untrusted");
    expect(because("limits", { witness: "late" })).toBe("limits.late");
  });
  test("that was not reached proves nothing", () => {
    const reached = { witness: true, canary: false };
    expect(because("limits", {}, { reached })).toBe("limits.unreached");
  });
  test("is not tried by address, and not where there are no limits", () => {
    expect(because("limits", {}, { host: "192.168.1.2" })).toBe("limits.by-address");
    expect(because("limits", {}, { hasLimits: false })).toBe("limits.none");
  });
});

describe("trust", () => {
  test("is missing where the port was reached and its certificate refused", () => {
    expect(because("trust", { witness: "no" })).toBe("trust.no");
  });
  test("is not known where the port was not reached, or the page was opened by address", () => {
    const reached = { witness: false, canary: false };
    expect(because("trust", { witness: "no" }, { reached })).toBe("trust.unreached");
    expect(because("trust", {}, { host: "fd00::2" })).toBe("trust.by-address");
  });
});

test.each([
  [0, "clock.right"],
  [90_000, "clock.right"],
  [-90_000, "clock.right"],
  [200_000, "clock.ahead"],
  [-200_000, "clock.behind"],
  [-2 * DAY, "clock.outside"],
  [90 * DAY, "clock.outside"],
])("a clock that is off by %i milliseconds: %s", (off, expected) => {
  expect(because("clock", { now: NOW + off })).toBe(expected);
});

test("silence is not blamed where no WebSocket opens at all", () => {
  expect(because("silence", { echo: "no", silence: "no" })).toBe("silence.no-socket");
});

test("before the script has spoken, only what the door knows itself is said", () => {
  const verdicts = judge(undefined, known);
  const decided = verdicts.filter(({ state }) => state !== "late").map(({ row }) => row);
  expect(decided).toEqual(["name", "protocol"]);
  expect(overall(verdicts)).toBe("late");
});

test("what is unwell is said before all else, then what is not known", () => {
  const of = (...states: Verdict["state"][]) =>
    overall(states.map((state) => ({ row: "name", because: "name.led-here", state })));
  expect(of("well", "unknown", "late", "unwell")).toBe("unwell");
  expect(of("well", "unknown", "late")).toBe("late");
  expect(of("well", "unknown")).toBe("unknown");
});

test.each([
  ["English", EN],
  ["Japanese", JA],
])("in %s, what is unwell always has a next step", (_, words) => {
  const sayings = Object.entries(words.because);
  const unwell = /\.(no|ignored|ahead|behind|outside)$/;
  const helpless = sayings.filter(([why, { next }]) => unwell.test(why) && !next);
  expect(helpless.map(([why]) => why)).toEqual([]);
  const facts = { host: "genkan.local", from: "192.168.1.7", at: "192.168.1.2", ports: "1, 2" };
  const shown = say(judge({ ...observed, canary: "yes" }, known), words, facts);
  expect(shown.state).toBe("unwell");
  expect(shown.says).toBe(`${words.overall.unwell} ${words.rows.limits}`);
  expect(shown.rows.at(-1)).toMatchObject({ row: "limits", word: words.states.unwell });
});
