import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { openLogFile } from "./log-file.ts";

const LONG = "x".repeat(10 * 1024 * 1024 + 1);
const entry = (event: string) =>
  ({ at: "2026-11-24T10:00:00.000Z", level: "info", event }) as const;

test("a log that cannot be put aside is written on, and the door does not fall over it", async () => {
  const path = join(tempFolder(), "genkan.log");
  writeFileSync(path, LONG);
  mkdirSync(`${path}.1`); // what it would be put at is a folder
  const troubles: string[] = [];
  const file = openLogFile(path, (why) => void troubles.push(why));
  file.write(entry("door.opened"));
  file.write(entry("door.closed"));
  await file.stop();
  expect(readFileSync(path, "utf8")).toContain("door.closed");
  expect(troubles).toHaveLength(1);
});

test("a log that has grown too large is put aside, and a new one begun", async () => {
  const path = join(tempFolder(), "genkan.log");
  writeFileSync(path, LONG);
  const file = openLogFile(path, () => undefined);
  file.write(entry("door.opened"));
  await file.stop();
  expect(readFileSync(`${path}.1`, "utf8")).toBe(LONG);
  expect(readFileSync(path, "utf8")).toBe(`${JSON.stringify(entry("door.opened"))}\n`);
});
