/*
 * Processes as the benchmark sees them: started on one core, measured through /proc, ended by their id.
 * Every measure and every peer goes through here, so that nothing is left running.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** The proxy has one core, everything that asks and answers it the other. */
export const PROXY_CORE = 0;
export const LOAD_CORE = 1;

export interface Started {
  readonly pid: number;
  /** False once it has ended by itself. */
  isAlive(): boolean;
  /** Ends it and waits for that. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly core: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** Starts a program on one core. What it says on standard error is shown when it ends by itself. */
export function start(command: readonly string[], options: StartOptions): Started {
  const child = spawn("taskset", ["-c", String(options.core), ...command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (said = (said + text).slice(-2000)));
  running.add(child);
  let isStopping = false;
  let hasEnded = false;
  const ended = once(child, "exit").then(() => {
    hasEnded = true;
    running.delete(child);
    if (!isStopping) console.error(`${command[0]} ended by itself: ${said}`);
  });
  return {
    pid: child.pid ?? 0,
    isAlive: () => !hasEnded,
    async stop() {
      isStopping = true;
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** Ends what is still running; for the way out after a failure. */
export function endAll(): void {
  for (const child of running) child.kill("SIGTERM"); // a door ends its own nginx then
}

/** Runs a program on the load's core to its end; gives what it printed, also where it failed. */
export async function run(command: readonly string[], seconds = 300): Promise<string> {
  const args = ["-c", String(LOAD_CORE), ...command];
  try {
    const options = { timeout: seconds * 1000, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)("taskset", args, options);
    return stdout;
  } catch (thrown) {
    if (thrown instanceof Error && "stdout" in thrown) return String(thrown.stdout);
    throw thrown;
  }
}

/** Ticks of /proc are hundredths of a second on every Linux (USER_HZ). */
const TICK_US = 10_000;

/** CPU time of a process and all its children so far, in microseconds. */
export function cpuOf(pid: number): number {
  const ticks = familyOf(pid).map(({ fields }) => Number(fields[11]) + Number(fields[12]));
  return ticks.reduce((sum, each) => sum + each, 0) * TICK_US;
}

/** Resident memory of a process and all its children, in bytes. Shared pages count for each. */
export function memoryOf(pid: number): number {
  const pages = familyOf(pid).map(({ fields }) => Number(fields[21]));
  return pages.reduce((sum, each) => sum + each, 0) * 4096;
}

interface Stat {
  readonly pid: number;
  /** Of /proc/PID/stat, from the state on: proc(5) counts them from 3. */
  readonly fields: readonly string[];
}

function familyOf(pid: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)));
  const family = all.filter((stat) => stat.pid === pid);
  // The list grows while it is walked: children of children are found too.
  for (const parent of family) {
    family.push(...all.filter(({ fields }) => Number(fields[1]) === parent.pid));
  }
  return family;
}

function statOf(pid: number): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return [{ pid, fields: text.slice(text.lastIndexOf(")") + 2).split(" ") }];
  } catch (thrown) {
    if (thrown instanceof Error) return []; // it ended between the list and now
    throw thrown;
  }
}

/** A TCP port of 127.0.0.1 nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return address.port;
}

/** Waits until `isTrue` says so; looks every `everyMs`. */
export async function until(
  isTrue: () => Promise<boolean>,
  { seconds = 60, everyMs = 20 } = {},
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await isTrue()); await sleep(everyMs)) {
    if (Date.now() > end) throw new Error(`no answer within ${seconds} seconds`);
  }
}

export function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}
