/*
 * Whether the process that wrote a lock still runs. A wrong "no" would open one home twice, a
 * wrong "yes" would keep it shut for ever, so a pid alone is never believed: pids are used again.
 */
import { connect } from "node:net";
import { codeOf } from "../kernel/errors.ts";
import { startOf } from "./linux-processes.ts";
import type { LockRecord, Surroundings } from "./lock-record.ts";

/**
 * In this order:
 * 1. Another start of the machine: whatever ran then has ended.
 * 2. A pid we can judge (same boot, same container): no such process, or one that started at another time, is a no.
 * 3. Else (another container, another system than Linux, another user's hidden process) the door's
 *    own socket is asked; a door that is only just starting is given time to open it.
 */
export async function isAlive(record: LockRecord, here: Surroundings): Promise<boolean> {
  if (record.boot && here.boot && record.boot !== here.boot) return false;
  if (record.pidNamespace === here.pidNamespace && record.machine === here.machine) {
    if (!processExists(record.pid)) return false;
    const start = await startOf(record.pid);
    if (start !== undefined && record.processStart !== undefined) {
      return start === record.processStart;
    }
  }
  return isYoung(record) || (await answers(record.socket));
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "ESRCH") return false;
    if (codeOf(thrown) === "EPERM") return true; // another user's
    throw thrown;
  }
}

/** Milliseconds a door may take from its lock to its socket. */
const START_TIME = 15_000;

function isYoung({ startedAt }: LockRecord): boolean {
  return Math.abs(Date.now() - startedAt) < START_TIME;
}

/** Milliseconds a listening socket may take to accept: the kernel does it, not the door. */
const PATIENCE = 1_000;

async function answers(path: string): Promise<boolean> {
  if (path === "") return false; // it has none to ask
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: PATIENCE });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    // A full queue of a hanging door (EAGAIN) or a wait is still a door.
    socket.once("connect", end(true)).once("timeout", end(true));
    socket.once("error", (thrown) => {
      const code = codeOf(thrown) ?? "";
      end(!["ENOENT", "ECONNREFUSED", "ENOTSOCK", "ENOTDIR", "EINVAL"].includes(code))();
    });
  });
}
