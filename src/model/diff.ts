/*
 * What changes between two plans, app by app, so that appliers leave alone what stays.
 */
import type { Plan, PlannedApp } from "./plan.ts";

export interface PlanDiff {
  readonly added: readonly PlannedApp[];
  readonly removed: readonly PlannedApp[];
  /** The new form of apps whose upstream, names or access changed. */
  readonly changed: readonly PlannedApp[];
}

/** The apps that fewer may open than before, or others: who was in may have to go. */
export function newlyClosed(before: Plan, after: Plan): readonly PlannedApp[] {
  const old = new Map(before.apps.map((app) => [app.name, termsOf(app)]));
  return after.apps.filter((app) => {
    const earlier = old.get(app.name);
    return app.access !== "open" && earlier !== undefined && earlier !== termsOf(app);
  });
}

function termsOf({ access, openPaths }: PlannedApp): string {
  return JSON.stringify([access, openPaths]);
}

/** Compares by app name; `before` is undefined for the first plan. */
export function diff(before: Plan | undefined, after: Plan): PlanDiff {
  const old = new Map(before?.apps.map((app) => [app.name, app]));
  const kept = new Set(after.apps.map((app) => app.name));
  return {
    added: after.apps.filter((app) => !old.has(app.name)),
    removed: [...old.values()].filter((app) => !kept.has(app.name)),
    changed: after.apps.filter((app) => {
      const earlier = old.get(app.name);
      return earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(app);
    }),
  };
}
