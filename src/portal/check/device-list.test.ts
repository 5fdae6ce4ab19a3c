import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { createLog, type LogEntry, silentLog } from "../../kernel/log.ts";
import { type CheckedDevice, openDeviceList, withDevice } from "./device-list.ts";
import { ROWS, type Row, type State } from "./judge.ts";

const rows = Object.fromEntries(ROWS.map((row) => [row, "well"])) as Record<Row, State>;
const device = (id: string, from = "192.168.1.7"): CheckedDevice => ({
  id,
  at: "2026-11-25T00:00:00.000Z",
  kind: "iphone",
  from,
  rows,
});

test("a device is there after a restart, readable by this user alone", async () => {
  const path = join(tempFolder(), "devices-checked.json");
  const list = await openDeviceList({ path, log: silentLog });
  list.note(device("one"));
  list.note(device("two"));
  await list.stop();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = await openDeviceList({ path, log: silentLog });
  expect(again.all().map(({ id }) => id)).toEqual(["two", "one"]);
});

test("a device that is checked again has one row, in front", () => {
  const list = [device("one"), device("two")];
  expect(withDevice(list, device("two")).map(({ id }) => id)).toEqual(["two", "one"]);
});

test("whoever reports without end crowds out their own rows, not others'", () => {
  let list: CheckedDevice[] = [device("honest", "192.168.1.5")];
  for (let i = 0; i < 500; i += 1) list = withDevice(list, device(`rude ${i}`, "192.168.1.66"));
  expect(list).toHaveLength(9);
  expect(list.at(-1)!.id).toBe("honest");
});

test("a hundred are kept", () => {
  let list: CheckedDevice[] = [];
  for (let i = 0; i < 130; i += 1) list = withDevice(list, device(`${i}`, `10.0.0.${i}`));
  expect(list).toHaveLength(100);
  expect(list[0]!.id).toBe("129");
});

test.each(["{", "[]", '{"devices":[{"id":7}]}', "null"])(
  "a file that says %s is begun anew, and the door opens",
  async (text) => {
    const path = join(tempFolder(), "devices-checked.json");
    writeFileSync(path, text);
    const list = await openDeviceList({ path, log: silentLog });
    expect(list.all()).toEqual([]);
    list.note(device("one"));
    await list.stop();
    expect(readFileSync(path, "utf8")).toContain('"one"');
  },
);

test("a list that cannot be saved is told to the log and kept in memory", async () => {
  const entries: LogEntry[] = [];
  const log = createLog(Date.now, (entry) => entries.push(entry));
  const folder = tempFolder();
  writeFileSync(join(folder, "file"), "");
  const list = await openDeviceList({ path: join(folder, "file", "list.json"), log });
  list.note(device("one"));
  await list.stop();
  expect(list.all()).toHaveLength(1);
  expect(entries.map(({ event }) => event)).toContain("devices-checked.not-saved");
});
