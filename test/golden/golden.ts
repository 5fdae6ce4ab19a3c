/*
 * Golden files, each a specification: what goes in, a line of hyphens, what comes of it. `npm run golden` writes
 * them anew; what changed is to be read before it is kept.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config/load.ts";
import { compile } from "../../src/model/compile.ts";
import type { Plan, PlannedApp } from "../../src/model/plan.ts";

const RULE = "----------\n";

/** A test for every `.txt` of a folder. @param rendering what must come of the part above the line. */
export function holdToGoldenFiles(folder: string, rendering: (text: string) => string): void {
  const cases = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  test.each(cases)("%s", (name) => {
    const path = join(folder, name);
    const text = readFileSync(path, "utf8");
    const [settings = ""] = text.split(RULE);
    const rendered = [settings, RULE, rendering(settings)].join("");
    if (process.env["GOLDEN"] === "write") writeFileSync(path, rendered);
    expect(readFileSync(path, "utf8")).toBe(rendered);
  });
}

/** The plan of a specification; a line `# sandboxes /api/*` says where its apps' answers name ports of sandboxes. */
export function planIn(text: string): Plan {
  const { apps, routes } = compile(readConfig("genkan.yaml", text).settings.apps, undefined);
  const named = /^# sandboxes (.+)$/m.exec(text)?.[1]?.split(" ");
  // As the daemon fills them in.
  const filled = (app: PlannedApp): PlannedApp =>
    named ? { ...app, sandboxes: { named, origins: "ports", cookies: [] } } : app;
  const all = [...routes].map(([host, route]) => {
    return [host, route.kind === "app" ? { ...route, app: filled(route.app) } : route] as const;
  });
  return { apps: apps.map(filled), routes: new Map(all) };
}
