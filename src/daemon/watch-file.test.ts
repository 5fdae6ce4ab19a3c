import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { systemClock } from "../kernel/clock.ts";
import { silentLog } from "../kernel/log.ts";
import { watchFile } from "./watch-file.ts";

async function watched(text: string): Promise<{ path: string; changes: () => number }> {
  const path = join(tempFolder(), "genkan.yaml");
  writeFileSync(path, text);
  let changes = 0;
  const watching = await watchFile(path, { clock: systemClock, log: silentLog }, () => changes++);
  onTestFinished(() => watching.stop());
  return { path, changes: () => changes };
}

const PATIENCE = { timeout: 20_000 };

test("a saved file is told", async () => {
  const { path, changes } = await watched("apps: {}\n");
  writeFileSync(path, "apps: { wiki: 3000 }\n");
  await expect.poll(changes, PATIENCE).toBe(1);
});

test("a file that is gone or empty for a moment is a step of an editor, and told once it is whole", async () => {
  const { path, changes } = await watched("apps: {}\n");
  rmSync(path);
  await sleep(300);
  writeFileSync(path, "");
  await sleep(300);
  expect(changes()).toBe(0);
  writeFileSync(path, "apps: { wiki: 3000 }\n");
  await expect.poll(changes, PATIENCE).toBe(1);
});

test("a file that stays away is told in the end", async () => {
  const { path, changes } = await watched("apps: {}\n");
  rmSync(path);
  await expect.poll(changes, PATIENCE).toBe(1);
});
