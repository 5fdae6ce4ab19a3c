/*
 * Opens what the door keeps of who may come in. Where that cannot be read the door opens all the same: what is
 * open to everyone goes on, everything else stays closed, and the trouble is told.
 */
import { type Access, openAccess } from "../access/access.ts";
import type { Gate, Pages } from "../engines/needs.ts";
import type { Clock } from "../kernel/clock.ts";
import { GenkanError } from "../kernel/errors.ts";
import type { Lifecycle } from "../kernel/lifecycle.ts";
import type { Log, LogEntry } from "../kernel/log.ts";
import { type Plan, portalNear } from "../model/plan.ts";
import type { Paths } from "../platform/paths.ts";
import { createGate } from "./admission.ts";
import type { PlanChange } from "./reconcile.ts";

export type DoorAccess =
  | { readonly is: "open"; readonly access: Access }
  | { readonly is: "closed"; readonly trouble: GenkanError };

interface DoorAccessNeeds {
  readonly paths: Pick<Paths, "access">;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes the audit log's entries. */
  readonly writeAudit: (entry: LogEntry) => void;
}

export async function openDoorAccess(
  { paths, clock, log, writeAudit }: DoorAccessNeeds,
  parts: Lifecycle,
): Promise<DoorAccess> {
  const steadyNow = (): number => performance.now();
  try {
    const access = await openAccess({ dir: paths.access, clock, steadyNow, log, writeAudit });
    return { is: "open", access: parts.add("access", access) };
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    log.error("access.closed", { code: thrown.code, why: thrown.message });
    return { is: "closed", trouble: thrown };
  }
}

/** @throws why nobody can be let in, while that is so. */
export function accessOf(door: DoorAccess): Access {
  if (door.is === "closed") throw door.trouble;
  return door.access;
}

/** What was changed for whom, and who may open it since, into the audit log. */
export function auditChange(door: DoorAccess, change: PlanChange, { apps }: Plan): void {
  if (door.is === "closed") return;
  const touched = apps.filter(({ name }) => [...change.added, ...change.changed].includes(name));
  const access = Object.fromEntries(touched.map((app) => [app.name, app.access]));
  door.access.audit.write("configuration.changed", { ...change, access });
}

interface GateNeeds {
  readonly pages: Pages;
  readonly plan: () => Plan | undefined;
  readonly log: Log;
}

/** The gate for the engine. */
export function gateFor(door: DoorAccess, { pages, plan, log }: GateNeeds): Gate {
  return createGate({
    access: door.is === "open" ? door.access : undefined,
    problem: (problem, accept) => pages.problem(problem, accept),
    portalNear: (host) => portalNear(plan(), host),
    steadyNow: () => performance.now(),
    log,
  });
}
