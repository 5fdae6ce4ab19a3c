/*
 * An nginx that outlived its door (the door was killed) still holds the ports. It is found by the id it
 * wrote down, made sure of by what the system says it is, and told to leave; its WebSockets may end.
 */
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { readIfThere } from "../../platform/files.ts";
import { type Run, signalTo } from "../../platform/run.ts";

/** @param pidFile where the earlier one wrote its id. Never rejects for a missing `ps`. */
export async function sendAwayLeftBehind(pidFile: string, run: Run, log: Log): Promise<void> {
  const id = Number((await readIfThere(pidFile))?.trim());
  if (!Number.isSafeInteger(id) || id <= 1) return;
  try {
    const { stdout } = await run("ps", ["-A", "-o", "pgid=,args="]);
    const isThere = stdout.split("\n").some((line) => {
      const [group, program] = line.trim().split(/\s+/);
      return Number(group) === id && (program ?? "").startsWith("nginx:");
    });
    if (!isThere) return;
  } catch (thrown) {
    log.warn("nginx.left-behind-unknown", { id, why: messageOf(thrown) });
    return;
  }
  log.warn("nginx.left-behind", { id });
  // It leads a group of its own (startProgram), so this reaches workers whose master is gone.
  signalTo(-id, "SIGQUIT");
}
