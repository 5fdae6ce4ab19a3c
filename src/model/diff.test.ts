import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { diff } from "./diff.ts";
import type { Plan, PlannedApp } from "./plan.ts";
import { parseTarget } from "./target.ts";

function plan(apps: Record<string, string>, hosts: readonly string[] = []): Plan {
  const settings = Object.entries(apps).map(([name, target]) => ({
    name,
    upstream: parseTarget(target),
    hosts,
    origins: [],
    access: "open" as const,
    openPaths: [],
  }));
  return compile(settings, undefined);
}

function names(before: Plan | undefined, after: Plan): Record<string, string[]> {
  const { added, removed, changed } = diff(before, after);
  const namesOf = (apps: readonly PlannedApp[]): string[] => apps.map(({ name }) => name);
  return { added: namesOf(added), removed: namesOf(removed), changed: namesOf(changed) };
}

test("at first everything is new", () => {
  expect(names(undefined, plan({ wiki: "3000", nas: "80" }))).toEqual({
    added: ["wiki", "nas"],
    removed: [],
    changed: [],
  });
});

test("what stays as it was is in no list, whatever its place", () => {
  expect(names(plan({ wiki: "3000", nas: "80" }), plan({ nas: "80", wiki: "3000" }))).toEqual({
    added: [],
    removed: [],
    changed: [],
  });
});

test("apps come, go and change by name", () => {
  const before = plan({ wiki: "3000", nas: "80", old: "1" });
  expect(names(before, plan({ wiki: "3001", nas: "80", fresh: "2" }))).toEqual({
    added: ["fresh"],
    removed: ["old"],
    changed: ["wiki"],
  });
});

test("a changed app is there in its new form", () => {
  const after = plan({ wiki: "3000" }, ["wiki.lan"]);
  expect(diff(plan({ wiki: "3000" }), after).changed).toEqual(after.apps);
});
