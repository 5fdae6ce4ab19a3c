import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UNASKED } from "../../../test/support/control.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { silentLog } from "../../kernel/log.ts";
import { type ControlActions, startControl } from "./server.ts";

const actions: ControlActions = {
  status: () => Promise.reject(new Error("nobody asks")),
  reload: () => Promise.reject(new Error("nobody asks")),
  stop: () => undefined,
  access: UNASKED,
};

test("a folder that was made for the socket alone goes with it", async () => {
  const folder = join(tempFolder(), "genkan-1000-x");
  const control = await startControl(join(folder, "control.sock"), actions, silentLog);
  expect(existsSync(join(folder, "control.sock"))).toBe(true);
  await control.stop();
  expect(existsSync(folder)).toBe(false);
});

test("a folder that holds more stays", async () => {
  const folder = join(tempFolder(), "state");
  const control = await startControl(join(folder, "control.sock"), actions, silentLog);
  writeFileSync(join(folder, "genkan.log"), "");
  await control.stop();
  expect(existsSync(join(folder, "control.sock"))).toBe(false);
  expect(existsSync(join(folder, "genkan.log"))).toBe(true);
});
