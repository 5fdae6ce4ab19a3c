/*
 * What access needs from outside. daemon/compose.ts hands it in.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log, LogEntry } from "../kernel/log.ts";

export interface AccessNeeds {
  /** Folder for devices.json, sessions.json, tokens.json, passkeys.json; made (0700) when there is something to keep. */
  readonly dir: string;
  /** The wall clock: for what must outlive a restart. */
  readonly clock: Clock;
  /** Milliseconds of a clock that nobody sets: for codes and lock-outs that live for minutes. */
  readonly steadyNow: () => number;
  readonly log: Log;
  /** Where the audit log goes: JSON lines, a rotating file. Secrets are out already. */
  readonly writeAudit: (entry: LogEntry) => void;
}
