/*
 * Checks in dependency order. A dependency that nobody brings, a circle and a doubled id are
 * mistakes of ours, not of the person: they are thrown as such.
 */
import type { Check } from "../kernel/check.ts";

/** Each check after all it depends on, otherwise in the order given. @throws Error for a broken list. */
export function orderChecks(checks: readonly Check[]): Check[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  if (byId.size !== checks.length) throw new Error(`two checks have one id: ${doubled(checks)}`);
  const ordered = new Set<Check>();
  const visit = (id: string, path: readonly string[]): void => {
    const check = byId.get(id);
    const way = [...path, id].join(" -> ");
    if (!check) throw new Error(`no check has the id ${id}: ${way}`);
    if (path.includes(id)) throw new Error(`checks wait for each other: ${way}`);
    if (ordered.has(check)) return;
    for (const first of check.dependsOn ?? []) visit(first, [...path, id]);
    ordered.add(check);
  };
  for (const { id } of checks) visit(id, []);
  return [...ordered];
}

/** Those of an ordered list that `isWanted` names, and all they depend on. */
export function withDependencies(
  ordered: readonly Check[],
  isWanted: (id: string) => boolean,
): Check[] {
  const needed = new Set<string>();
  for (const { id, dependsOn = [] } of ordered.toReversed()) {
    if (!isWanted(id) && !needed.has(id)) continue;
    needed.add(id);
    for (const first of dependsOn) needed.add(first);
  }
  return ordered.filter(({ id }) => needed.has(id));
}

function doubled(checks: readonly Check[]): string {
  const ids = checks.map(({ id }) => id);
  return ids.filter((id, place) => ids.indexOf(id) !== place).join(", ");
}
