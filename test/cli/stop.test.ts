import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { startControl } from "../../src/daemon/control/server.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { takeLock } from "../../src/platform/lock.ts";
import { commandLine } from "../support/cli.ts";
import { UNASKED } from "../support/control.ts";

test("stop returns only when the home can be opened again, not when the door hears nothing any more", async () => {
  const line = commandLine();
  const state = join(line.home, "state");
  const socket = join(state, "control.sock");
  const lock = await takeLock(join(state, "door.lock"), { command: "genkan up", socket });
  let closing: Promise<void> | undefined;
  const status = () => Promise.resolve({} as DoorStatus); // that it answers is all it is asked for
  const reload = () => Promise.resolve({ trouble: undefined, waiting: [] });
  const control = await startControl(
    socket,
    { status, reload, stop: () => void (closing = closeSlowly()), access: UNASKED },
    silentLog,
  );
  // The order of a real door: the ear first, then the exchanges, the lock at last.
  async function closeSlowly(): Promise<void> {
    await sleep(50);
    await control.stop();
    await sleep(400);
    await lock.stop();
  }
  expect(await line.genkan("stop")).toBe("$ genkan stop\nThe door is closed.");
  expect(existsSync(join(state, "door.lock"))).toBe(false);
  await closing;
});
