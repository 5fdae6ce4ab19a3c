import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Check, Finding } from "../kernel/check.ts";
import { GenkanError } from "../kernel/errors.ts";
import { exitOf, runChecks } from "./run-checks.ts";

const WELL: Finding = { state: "well" };
const BROKEN: Finding = {
  state: "unwell",
  severity: "high",
  says: "It broke.",
  fix: { says: "Mend it." },
};
const OLD: Finding = {
  state: "unwell",
  severity: "low",
  says: "It is old.",
  fix: { says: "Renew it." },
};
const UNCLEAR: Finding = { state: "unknown", why: "nobody answered" };

function check(
  id: string,
  finding: Finding | (() => Promise<Finding>),
  ...dependsOn: string[]
): Check {
  const look = typeof finding === "function" ? finding : async () => finding;
  return { id, title: `The ${id} is fine`, dependsOn, look };
}

async function states(checks: Check[], options = {}): Promise<Record<string, string>> {
  const { results } = await runChecks(checks, options);
  const word = ({ outcome }: (typeof results)[number]): string =>
    outcome.state === "skipped" ? `skipped because ${outcome.because}` : outcome.state;
  return Object.fromEntries(results.map((result) => [result.id, word(result)]));
}

test("what others depend on is told first, whatever the order of the list", async () => {
  const checks = [check("c", WELL, "b"), check("x", WELL), check("b", WELL, "a"), check("a", WELL)];
  expect(Object.keys(await states(checks))).toEqual(["a", "b", "c", "x"]);
});

test("a symptom is not looked at when its cause is known, and the cause is named through the links between", async () => {
  const never = async (): Promise<Finding> => {
    throw new Error("looked at all the same");
  };
  const checks = [
    check("root", BROKEN),
    check("leaf", never, "root"),
    check("page", never, "leaf"),
  ];
  expect(await states(checks)).toEqual({
    root: "unwell",
    leaf: "skipped because root",
    page: "skipped because root",
  });
});

test.each([
  ["well", WELL, "well"],
  ["well but old", OLD, "well"],
  ["broken", BROKEN, "skipped because first"],
  ["unclear", UNCLEAR, "skipped because first"],
])("a check whose dependency is %s", async (_, finding, expected) => {
  expect(await states([check("first", finding), check("second", WELL, "first")])).toMatchObject({
    second: expected,
  });
});

test("the cause is the first broken thing in dependency order; what could be better is none", async () => {
  const checks = [
    check("page", BROKEN, "socket"),
    check("old", OLD),
    check("store", BROKEN),
    check("socket", WELL),
  ];
  const report = await runChecks(checks);
  expect(report.cause?.id).toBe("page");
  expect(exitOf(report)).toBe(1);
});

test.each([
  [[], 0],
  [[check("a", WELL), check("b", OLD), check("c", UNCLEAR)], 0],
  [[check("a", WELL), check("b", BROKEN)], 1],
])("doctor ends well when nothing is broken", async (checks, exitCode) => {
  expect(exitOf(await runChecks(checks))).toBe(exitCode);
});

test.each<[string, () => Promise<Finding>, string]>([
  ["throws", () => Promise.reject(new Error("out of luck")), "out of luck"],
  [
    "throws with a code of ours",
    () =>
      Promise.reject(
        new GenkanError({ code: "PROGRAM_MISSING", message: "No certutil.", fix: "" }),
      ),
    "No certutil. (PROGRAM_MISSING)",
  ],
  [
    "throws with a code of the system",
    () => Promise.reject(Object.assign(new Error("no entry"), { code: "ENOENT" })),
    "no entry (ENOENT)",
  ],
  [
    "throws before it begins",
    () => {
      throw new Error("at once");
    },
    "at once",
  ],
  ["throws what is no error", () => Promise.reject("a word" as unknown as Error), "a word"],
])("a check that %s is unknown, and the others run on", async (_, look, why) => {
  const { results } = await runChecks([check("odd", look), check("other", WELL)]);
  expect(results[0]?.outcome).toEqual({ state: "unknown", why });
  expect(results[1]?.outcome).toEqual(WELL);
});

test("a check that never answers is unknown after its time, even if it will not listen", async () => {
  let told = false;
  const forever = (signal: AbortSignal): Promise<Finding> => {
    signal.addEventListener("abort", () => (told = true));
    return new Promise(() => undefined);
  };
  const deaf = { ...check("deaf", WELL), look: forever };
  const { results } = await runChecks([deaf, check("other", WELL)], { timeoutMs: 30 });
  expect(results[0]?.outcome).toEqual({ state: "unknown", why: "no answer within 30 ms" });
  expect(results[1]?.outcome).toEqual(WELL);
  expect(told).toBe(true);
});

test("a check that answers too late, and badly, disturbs nobody", async () => {
  const late = async (): Promise<Finding> => {
    await wait(60);
    throw new Error("late");
  };
  expect(await states([check("late", late)], { timeoutMs: 20 })).toEqual({ late: "unknown" });
  await wait(60); // an unhandled rejection would end the test run
});

test("a round can be stopped: what has no answer yet is unknown", async () => {
  const stop = new AbortController();
  const forever = (): Promise<Finding> => new Promise(() => undefined);
  const stopping = async (): Promise<Finding> => {
    stop.abort();
    return WELL;
  };
  const checks = [check("a", forever), check("b", stopping), check("c", WELL, "b")];
  const { results } = await runChecks(checks, { signal: stop.signal });
  const stopped = { state: "unknown", why: "it was stopped before it had an answer" };
  expect(results[0]?.outcome).toEqual(stopped);
  expect(await states([check("a", WELL)], { signal: AbortSignal.abort() })).toEqual({
    a: "unknown",
  });
});

test("checks that do not wait for each other run together, at most six of them", async () => {
  let running = 0;
  let most = 0;
  const busy = async (): Promise<Finding> => {
    most = Math.max(most, ++running);
    await wait(5);
    running--;
    return WELL;
  };
  const checks = Array.from({ length: 20 }, (_, number) => check(`n${number}`, busy));
  expect(Object.values(await states(checks))).toEqual(Array(20).fill("well"));
  expect(most).toBe(6);
});

test("a check waits for what it depends on, and for nothing else", async () => {
  const order: string[] = [];
  const noting = (id: string, ms: number) => async (): Promise<Finding> => {
    await wait(ms);
    order.push(id);
    return WELL;
  };
  const checks = [check("slow", noting("slow", 40)), check("quick", noting("quick", 0))];
  await runChecks([...checks, check("after", noting("after", 0), "slow")]);
  expect(order).toEqual(["quick", "slow", "after"]);
});

test("only what is asked for is looked at, with all it depends on", async () => {
  const checks = [
    check("c", WELL, "b"),
    check("d", BROKEN, "c"),
    check("b", WELL, "a"),
    check("a", WELL),
    check("x", BROKEN),
  ];
  const only = (id: string): boolean => id === "c";
  expect(await states(checks, { only })).toEqual({ a: "well", b: "well", c: "well" });
  expect(await states(checks, { only: () => false })).toEqual({});
});

test.each([
  [
    "an unknown dependency",
    [check("a", WELL, "nobody")],
    "no check has the id nobody: a -> nobody",
  ],
  [
    "a circle",
    [check("a", WELL, "b"), check("b", WELL, "a")],
    "checks wait for each other: a -> b -> a",
  ],
  ["a check waiting for itself", [check("a", WELL, "a")], "checks wait for each other: a -> a"],
  ["a doubled id", [check("a", WELL), check("a", WELL)], "two checks have one id: a"],
])("%s is a mistake of ours, and thrown", async (_, checks, message) => {
  await expect(runChecks(checks)).rejects.toThrow(message);
});
