/*
 * The audit log: who was let in, who was refused and why, what was changed. Entries go out without
 * secrets; refusals, which strangers can cause, are counted where there are too many.
 */
import type { Clock } from "../kernel/clock.ts";
import type { LogEntry } from "../kernel/log.ts";
import { redact } from "./redact.ts";

/** What is written down; names are for ever. */
export type AuditEvent =
  | "device.paired"
  | "device.signed-in"
  | "device.signed-out"
  | "device.revoked"
  | "device.changed"
  | "visitor.refused"
  | "pairing.opened"
  | "pairing.refused"
  | "pairing.locked-out"
  | "passkey.added"
  | "passkey.used"
  | "passkey.stopped"
  | "passkey.changed"
  | "passkey.removed"
  | "token.created"
  | "token.removed"
  | "configuration.changed";

export interface Audit {
  write(event: AuditEvent, fields?: Readonly<Record<string, unknown>>): void;
}

/** Entries strangers can cause, in one minute; the rest is told as a number. */
const MOST_REFUSALS = 60;
const MINUTE = 60_000;
const BY_STRANGERS: readonly AuditEvent[] = ["visitor.refused", "pairing.refused"];
/** What the owner should look at. */
const WARNINGS: readonly string[] = [
  "pairing.locked-out",
  "passkey.stopped",
] satisfies AuditEvent[];

export function createAudit(
  clock: Pick<Clock, "now">,
  steadyNow: () => number,
  write: (entry: LogEntry) => void,
): Audit {
  let minute = { ends: 0, refusals: 0, untold: 0 };

  function say(event: string, fields: Readonly<Record<string, unknown>>): void {
    const clean = redact(fields) as Readonly<Record<string, unknown>>; // an object stays one
    const level = WARNINGS.includes(event) ? "warn" : "info";
    write({ ...clean, at: new Date(clock.now()).toISOString(), level, event });
  }
  function isTooMany(event: AuditEvent): boolean {
    const now = steadyNow();
    if (now >= minute.ends) {
      if (minute.untold > 0) say("visitor.refused-more", { times: minute.untold });
      minute = { ends: now + MINUTE, refusals: 0, untold: 0 };
    }
    if (!BY_STRANGERS.includes(event)) return false;
    minute.refusals += 1;
    if (minute.refusals <= MOST_REFUSALS) return false;
    minute.untold += 1;
    return true;
  }
  return {
    write(event, fields = {}) {
      if (!isTooMany(event)) say(event, fields);
    },
  };
}
