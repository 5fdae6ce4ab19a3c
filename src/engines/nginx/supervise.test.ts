import { expect, onTestFinished, test, vi } from "vitest";
import { silentLog } from "../../kernel/log.ts";
import { startProgram } from "../../platform/run.ts";
import { createSupervisor } from "./supervise.ts";

/** Milliseconds; a number nobody else waits for. */
const PATIENCE = 612_345;

function supervisorOf(program: string, args: readonly string[]) {
  const beforeRestart = async (): Promise<void> => undefined;
  const calls = { restarts: 0 };
  const onRestart = (): void => void (calls.restarts += 1);
  const parts = { program, args, beforeRestart, onRestart };
  return { calls, supervisor: createSupervisor({ start: startProgram, log: silentLog, ...parts }) };
}

test("a program that ends when told leaves no timer, for which the door would have to wait", async () => {
  const { supervisor } = supervisorOf("sleep", ["600"]);
  const set = vi.spyOn(globalThis, "setTimeout");
  const cleared = vi.spyOn(globalThis, "clearTimeout");
  onTestFinished(() => void [set, cleared].map((spy) => spy.mockRestore()));
  await supervisor.start();
  await supervisor.stop(PATIENCE);
  const patience = set.mock.results.filter((_, i) => set.mock.calls[i]?.[1] === PATIENCE);
  expect(patience).toHaveLength(1);
  expect(cleared).toHaveBeenCalledWith(patience[0]?.value);
  expect(supervisor.current()).toBeUndefined();
});

test("a program that does not listen is ended all the same", async () => {
  const { supervisor } = supervisorOf("sh", ["-c", "trap '' QUIT TERM; echo ready >&2; sleep 600"]);
  const program = await supervisor.start();
  await expect.poll(() => program.said(), { timeout: 10_000 }).toContain("ready");
  await supervisor.stop(100);
  expect(await program.ended).toBe("SIGKILL");
});

test("one that ends unasked is started again", async () => {
  const { calls, supervisor } = supervisorOf("sleep", ["600"]);
  const first = await supervisor.start();
  first.signal("SIGKILL");
  await expect.poll(() => calls.restarts, { timeout: 10_000 }).toBe(1);
  expect(supervisor.current()?.pid).not.toBe(first.pid);
  await supervisor.stop(PATIENCE);
});
