import { expect, test } from "vitest";
import { compile } from "../../model/compile.ts";
import { diff, newlyClosed } from "../../model/diff.ts";
import type { Plan } from "../../model/plan.ts";
import type { AppSettings } from "../../model/settings.ts";
import { parseTarget } from "../../model/target.ts";
import { withSandboxes } from "./with-sandboxes.ts";

function app(name: string, more: Partial<AppSettings> = {}): AppSettings {
  const upstream = parseTarget("3000");
  return { name, upstream, hosts: [], origins: [], access: "household", openPaths: [], ...more };
}

function planOf(...apps: readonly AppSettings[]): Plan {
  return withSandboxes(compile(apps, undefined), apps);
}

test("an app of OpenHands has its sandboxes in the plan and on every route, others have none", () => {
  const plan = planOf(
    app("oh", { preset: "openhands" }),
    app("wiki"),
    app("g", { preset: "gitea" }),
  );
  const [oh, wiki, gitea] = plan.apps;
  expect(oh?.sandboxes?.named).toContain("/api/conversations/*/vscode-url");
  expect(oh?.sandboxes?.origins).toBe("ports");
  expect([wiki?.sandboxes, gitea?.sandboxes]).toEqual([undefined, undefined]);
  expect(plan.routes.get("oh.localhost")).toMatchObject({ app: oh });
  expect([...plan.routes.keys()]).toContain("genkan.local");
});

test("Agent Canvas has no sandboxes a browser goes to", () => {
  const [canvas] = planOf(app("oh", { preset: "openhands@canvas" })).apps;
  expect(canvas?.sandboxes).toBeUndefined();
});

test("another preset, or other origins, are a change of the app, and close it to nobody", () => {
  const before = planOf(app("oh", { preset: "openhands@0.36" }));
  const other = planOf(app("oh", { preset: "openhands@1" }));
  const hosts = planOf(app("oh", { preset: "openhands@0.36", sandboxOrigins: "hosts" }));
  expect(diff(before, other).changed).toHaveLength(1);
  expect(diff(before, hosts).changed).toHaveLength(1);
  expect(diff(before, planOf(app("oh", { preset: "openhands@0.36" }))).changed).toEqual([]);
  expect(newlyClosed(before, other)).toEqual([]);
});
