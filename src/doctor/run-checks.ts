/*
 * Runs checks it has never heard of: those that do not wait for each other at the same time, a few
 * at once, each for a limited time. Called by `genkan doctor`, by status and by the portal.
 */
import type { Check, Finding } from "../kernel/check.ts";
import { codeOf, messageOf } from "../kernel/errors.ts";
import { orderChecks, withDependencies } from "./order-checks.ts";
import { type CheckResult, type Outcome, type Report, reportOf } from "./report.ts";

export interface RunOptions {
  /** Which checks are asked for; what they depend on is looked at too. All unless told. */
  readonly only?: (id: string) => boolean;
  /** Milliseconds for each check that does not say itself how long it may take; 10 seconds unless told. */
  readonly timeoutMs?: number;
  /** Ends the whole round: what has no answer yet counts as unknown. */
  readonly signal?: AbortSignal;
}

/** Checks looked at together: enough to hide waiting, too few to disturb a small machine. */
const AT_ONCE = 6;

/** @throws Error where the list itself is broken (orderChecks); never for what a check finds or throws. */
export async function runChecks(
  checks: readonly Check[],
  options: RunOptions = {},
): Promise<Report> {
  const ordered = withDependencies(orderChecks(checks), options.only ?? (() => true));
  const enter = createGate(AT_ONCE);
  const outcomes = new Map<string, Promise<Outcome>>();
  for (const check of ordered) {
    outcomes.set(
      check.id,
      lookInTurn(check, outcomes, () => enter(() => look(check, options))),
    );
  }
  const results = ordered.map(async ({ id, title }): Promise<CheckResult> => {
    return { id, title, outcome: (await outcomes.get(id)) ?? NEVER_ASKED };
  });
  return reportOf(await Promise.all(results));
}

/** How a program that only reports ends: 0 when everything works, 1 when something does not. */
export function exitOf(report: Report): 0 | 1 {
  return report.cause === undefined ? 0 : 1;
}

const NEVER_ASKED: Finding = { state: "unknown", why: "it was not asked" };

async function lookInTurn(
  { dependsOn = [] }: Check,
  outcomes: ReadonlyMap<string, Promise<Outcome>>,
  task: () => Promise<Finding>,
): Promise<Outcome> {
  for (const id of dependsOn) {
    const earlier = await outcomes.get(id);
    if (earlier?.state === "skipped") return earlier; // the cause, not the link between
    if (!earlier || !works(earlier)) return { state: "skipped", because: id };
  }
  return task();
}

/** What could be better works all the same, and keeps nobody from looking further. */
function works(finding: Finding): boolean {
  return finding.state === "well" || (finding.state === "unwell" && finding.severity === "low");
}

/** One look, within its time; whatever goes wrong is an honest "unknown". */
async function look(check: Check, options: RunOptions): Promise<Finding> {
  const { signal } = options;
  const timeoutMs = check.patienceMs ?? options.timeoutMs ?? 10_000;
  const end = new AbortController();
  const limit = setTimeout(
    () => end.abort(new Error(`no answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const stop = (): void => end.abort(new Error("it was stopped before it had an answer"));
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    return await orAborted(end.signal, () => check.look(end.signal));
  } catch (thrown) {
    const code = codeOf(thrown);
    return { state: "unknown", why: `${messageOf(thrown)}${code ? ` (${code})` : ""}` };
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener("abort", stop);
  }
}

/** Rejects with the signal's reason as soon as it aborts, whether `task` listens to it or not. */
function orAborted<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    // Not task() itself: a check that throws before its first await is caught as well.
    Promise.resolve().then(task).then(resolve, reject);
  });
}

/** Lets `most` tasks run at a time; the others wait in line. */
function createGate(most: number) {
  let running = 0;
  const line: (() => void)[] = [];
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => line.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = line.shift();
      if (next) next(); // hands its place on
      else running--;
    }
  };
}
