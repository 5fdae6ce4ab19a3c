/*
 * Starts nginx so that it leaves when the door's process is gone, however that ended: without its door there
 * are no pages, no WebSockets and later no sign-in. Linux tells a child of its parent's death (prctl(2),
 * PR_SET_PDEATHSIG); setpriv of util-linux asks for that. Elsewhere the next door sends it away.
 */
import type { Log } from "../../kernel/log.ts";
import type { Host } from "../../platform/host.ts";
import { ProgramFailedError, type Run, type StartProgram } from "../../platform/run.ts";

/** nginx takes it for: no new visitors, and leave when those under way are done. */
const ASKED = ["--pdeathsig", "QUIT"];

export interface LeashWorld {
  readonly host: Host;
  readonly run: Run;
  readonly log: Log;
}

/** `start`, or one that keeps what it starts on a leash where this machine can. */
export async function onLeash(
  start: StartProgram,
  { host, run, log }: LeashWorld,
): Promise<StartProgram> {
  if (host.os !== "linux") return start;
  try {
    // Asked with something harmless: the setpriv of busybox does not know the word.
    await run("setpriv", [...ASKED, "true"]);
  } catch (thrown) {
    if (!(thrown instanceof ProgramFailedError)) throw thrown;
    log.info("nginx.no-leash", { why: thrown.message });
    return start;
  }
  return (program, args) => start("setpriv", [...ASKED, program, ...args]);
}
