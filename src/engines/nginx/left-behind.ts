/*
 * An nginx that outlived its door (the door was killed) still holds the ports. It is found by the id it
 * wrote down, made sure of by what the system says it is, and told to leave; its WebSockets may end in peace.
 */
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { readIfThere } from "../../platform/files.ts";
import { type Run, signalTo } from "../../platform/run.ts";

/**
 * Never rejects for a missing `ps`.
 * @param pidFile where the earlier one wrote its id.
 * @returns whether one was told to leave.
 */
export async function sendAwayLeftBehind(pidFile: string, run: Run, log: Log): Promise<boolean> {
  const id = Number((await readIfThere(pidFile))?.trim());
  if (!Number.isSafeInteger(id) || id <= 1 || !(await isNginx(id, run, log))) return false;
  log.warn("nginx.left-behind", { id });
  // It leads a group of its own (startProgram), so this reaches workers whose master is gone.
  return signalTo(-id, "SIGQUIT");
}

/** Whether a process group is nginx's, by what the system calls its members. */
async function isNginx(id: number, run: Run, log: Log): Promise<boolean> {
  try {
    const { stdout } = await run("ps", ["-A", "-o", "pgid=,args="]);
    return stdout.split("\n").some((line) => {
      const [group, program] = line.trim().split(/\s+/);
      return Number(group) === id && (program ?? "").startsWith("nginx:");
    });
  } catch (thrown) {
    log.warn("nginx.left-behind-unknown", { id, why: messageOf(thrown) });
    return false;
  }
}
