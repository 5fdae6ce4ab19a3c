import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "../support/cli.ts";

const at = "2026-11-25T10:00:00.000Z";
const paired = JSON.stringify({ name: "Ada's phone", at, level: "info", event: "device.paired" });
const opened = JSON.stringify({ at, level: "info", event: "door.opened" });

test("with --audit, logs shows who was let in, and nothing else", async () => {
  const line = commandLine();
  expect(await line.genkan("logs --audit")).toBe(
    "$ genkan logs --audit\nNothing in ~/home/state/audit.log yet.",
  );
  mkdirSync(join(line.home, "state"), { recursive: true });
  writeFileSync(join(line.home, "state", "audit.log"), `${paired}\n`);
  writeFileSync(join(line.home, "state", "genkan.log"), `${opened}\n`);
  expect(await line.genkan("logs --audit")).toMatchInlineSnapshot(`
    "$ genkan logs --audit
    2026-11-25T10:00:00.000Z info  device.paired name="Ada's phone""
  `);
  expect((await line.run("logs", "--audit", "--json")).stdout).toBe(`${paired}\n`);
  expect((await line.run("logs", "--json")).stdout).toBe(`${opened}\n`);
});
