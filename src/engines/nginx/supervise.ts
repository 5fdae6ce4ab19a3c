/*
 * Keeps one nginx running: starts it, starts it again when it ends unasked, passes signals on and ends it.
 * What it works by is none of its business.
 */
import type { Log } from "../../kernel/log.ts";
import { type Program, signalTo, type StartProgram } from "../../platform/run.ts";
import { pause } from "./health.ts";

export interface SupervisorWiring {
  readonly start: StartProgram;
  readonly program: string;
  readonly args: readonly string[];
  readonly log: Log;
  readonly beforeRestart: () => Promise<void>;
  /** It was started again after an end nobody asked for. */
  readonly onRestart: () => void;
}

export interface Supervisor {
  /** Starts it. @throws ProgramFailedError */
  start(): Promise<Program>;
  /** The running one, between an end and the next start undefined. */
  current(): Program | undefined;
  /** No new visitors; exchanges under way may end for `graceMs`, then all is ended. */
  stop(graceMs: number): Promise<void>;
}

/** Milliseconds before the first new start, doubled up to the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** One that lived this long died of something new. */
const LONG_LIFE = 60_000;
/** Milliseconds a program has that was told to end at once. */
const LAST_GRACE = 2_000;

export function createSupervisor(wiring: SupervisorWiring): Supervisor {
  const { log } = wiring;
  let program: Program | undefined;
  let isStopping = false;
  let wait = FIRST_PAUSE;
  /** Groups whose master is gone and whose workers may still carry WebSockets. */
  const orphaned: number[] = [];

  async function start(): Promise<Program> {
    const started = await wiring.start(wiring.program, wiring.args);
    const since = performance.now();
    program = started;
    void started.ended.then((how) => afterEnd(started, how, performance.now() - since));
    return started;
  }

  async function afterEnd(ended: Program, how: string, lived: number): Promise<void> {
    if (program === ended) program = undefined;
    if (isStopping) return;
    log.error("nginx.ended", { how, said: ended.said().trim() });
    // A killed master leaves its workers with the ports. They go, and end what they carry in peace.
    if (signalTo(-ended.pid, "SIGQUIT")) orphaned.push(ended.pid);
    wait = lived > LONG_LIFE ? FIRST_PAUSE : Math.min(wait * 2, LONGEST_PAUSE);
    await pause(wait);
    if (isStopping) return;
    try {
      await wiring.beforeRestart();
      await start();
      log.info("nginx.restarted");
      wiring.onRestart();
    } catch (why) {
      log.error("nginx.not-restarted", { why });
      void afterEnd(ended, how, 0);
    }
  }

  return {
    start,
    current: () => program,
    async stop(graceMs) {
      isStopping = true;
      const last = program;
      if (last) await end(last, graceMs);
      for (const group of orphaned) signalTo(-group, "SIGKILL");
    },
  };
}

async function end(program: Program, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    program.signal("SIGQUIT");
    if (await isOverWithin(program, graceMs)) return;
  }
  program.signal("SIGTERM");
  if (!(await isOverWithin(program, LAST_GRACE))) program.signal("SIGKILL", "all");
  await program.ended;
}

/** Leaves no timer behind: the door's process would wait for it. */
function isOverWithin(program: Program, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void program.ended.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
