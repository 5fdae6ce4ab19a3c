import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { accessWorld } from "../../../test/support/access.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { createLog, type LogEntry } from "../../kernel/log.ts";
import { createGateMemory } from "./gate-memory.ts";

const NAME = "0123456789abcdef0123456789abcdef";

function scene() {
  const dir = join(tempFolder(), "gate");
  const world = accessWorld();
  const { clock } = world;
  const entries: LogEntry[] = [];
  const memory = createGateMemory({
    dir,
    clock,
    log: createLog(Date.now, (entry) => entries.push(entry)),
  });
  onTestFinished(() => memory.stop());
  const remember = (name = NAME): string => {
    mkdirSync(dir, { recursive: true });
    const path = join(dir, name);
    writeFileSync(path, "");
    return path;
  };
  return { clock, tick: () => world.tick(), memory, remember, entries };
}

test("a yes is good for less than five seconds", () => {
  const { clock, memory } = scene();
  for (const ms of [0, 1, 499, 500]) {
    clock.move(ms);
    // nginx counts in whole seconds, and the last one is good to its end.
    const good = (memory.goodUntil() + 1) * 1000 - clock.now();
    expect(good).toBeGreaterThan(3000);
    expect(good).toBeLessThanOrEqual(5000);
  }
});

test("what is remembered goes at once, what is being written does not", () => {
  const { memory, remember } = scene();
  const [file, unfinished] = [remember(), remember(`${NAME}.0000000001`)];
  memory.forgetAll();
  expect([existsSync(file), existsSync(unfinished)]).toEqual([false, true]);
});

test("a yes that was on its way goes, too", async () => {
  const { memory, remember } = scene();
  memory.forgetAll();
  const file = remember();
  await vi.waitFor(() => expect(existsSync(file)).toBe(false), 10_000);
});

test("a clock that is set back makes nothing good for longer", () => {
  const { clock, tick, memory, remember } = scene();
  memory.goodUntil();
  const file = remember();
  tick();
  expect(existsSync(file)).toBe(true);
  memory.goodUntil();
  clock.move(-60_000);
  tick();
  expect(existsSync(file)).toBe(false);
});

test("where nothing was ever remembered there is nothing to forget", () => {
  const { memory, entries } = scene();
  memory.forgetAll();
  expect(entries).toEqual([]);
});
