/*
 * What apps/ knows of an app's preset, said in the plan: where its answers name ports of sandboxes. Called by compose
 * after compile. Pure.
 */
import { namedPaths, ownCookies } from "../../apps/openhands/rules.ts";
import type { Plan, PlannedApp, Route } from "../../model/plan.ts";
import type { AppSettings } from "../../model/settings.ts";

/** @param settings of the plan's apps, in any order. */
export function withSandboxes(plan: Plan, settings: readonly AppSettings[]): Plan {
  const origins = new Map(settings.map((app) => [app.name, app.sandboxOrigins ?? "ports"]));
  const filled = (app: PlannedApp): PlannedApp => {
    const named = namedPaths(app.preset);
    return named
      ? {
          ...app,
          sandboxes: {
            named,
            origins: origins.get(app.name) ?? "ports",
            cookies: ownCookies(app.preset),
          },
        }
      : app;
  };
  const apps = new Map(plan.apps.map((app) => [app.name, filled(app)]));
  const route = (old: Route): Route =>
    old.kind === "app" ? { ...old, app: apps.get(old.app.name) ?? old.app } : old;
  return {
    apps: [...apps.values()],
    routes: new Map([...plan.routes].map(([host, old]) => [host, route(old)])),
  };
}
