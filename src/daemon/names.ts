/*
 * The names' part of the wiring: the plan's names go to naming, and names that had to give way come
 * back as another plan.
 */
import { networkInterfaces } from "node:os";
import type { ListenSpec } from "../engines/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Renames } from "../model/compile.ts";
import type { Plan } from "../model/plan.ts";
import { type Naming, startNaming } from "../naming/naming.ts";
import type { NamingStatus } from "../naming/status.ts";
import type { Host } from "../platform/host.ts";
import { startProgram } from "../platform/run.ts";

export interface NamesSpec {
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Log;
  readonly note: (text: string) => void;
  readonly listen: ListenSpec;
  /** Another plan is to be made: `renames` has changed. */
  readonly onRenamed: () => void;
}

export interface Names {
  /** Follows a plan that is in force. Never fails: a door without announced names is open all the same. */
  apply(plan: Plan): void;
  renames(): Renames;
  status(): NamingStatus;
  stop(): Promise<void>;
}

export function openNames(spec: NamesSpec): Names {
  const naming: Naming = startNaming({
    ...spec,
    start: startProgram,
    interfaces: networkInterfaces,
  });
  return {
    apply: ({ routes }) => naming.apply(routes.keys()),
    renames: () => naming.renames(),
    status: () => naming.status(),
    stop: () => naming.stop(),
  };
}
