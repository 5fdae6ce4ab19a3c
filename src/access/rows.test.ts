import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { is, openRows, rowChecker, type Rows } from "./rows.ts";

interface Pet {
  readonly name: string;
  readonly born: number;
}
const isRow = rowChecker<Pet>({ name: is.text, born: is.time });
const open = (path: string): Promise<Rows<Pet>> =>
  openRows<Pet>({ path, keyOf: ({ name }) => name, isRow });
const momo = { name: "momo", born: 1 };
const kuro = { name: "kuro", born: 2 };

test("what was changed is there after a restart, for this user alone, with nothing beside it", async () => {
  const path = join(tempFolder(), "state", "pets.json");
  const rows = await open(path);
  await rows.change({ put: [momo, kuro] });
  await rows.change({ drop: ["momo"], put: [{ name: "kuro", born: 3 }] });
  expect([...(await open(path)).all().values()]).toEqual([{ name: "kuro", born: 3 }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["pets.json"]);
});

test("what is noted is there at once, and on the disk with the next change or flush", async () => {
  const path = join(tempFolder(), "pets.json");
  const rows = await open(path);
  await rows.change({ put: [momo] });
  rows.note("momo", { ...momo, born: 9 });
  rows.note("nobody", kuro);
  expect(rows.get("momo")?.born).toBe(9);
  expect((await open(path)).get("momo")?.born).toBe(1);
  await rows.flush();
  expect([...(await open(path)).all().values()]).toEqual([{ ...momo, born: 9 }]);
});

test("what is noted while the disk is busy with a change is not lost by it", async () => {
  const path = join(tempFolder(), "pets.json");
  const rows = await open(path);
  await rows.change({ put: [momo] });
  const changing = rows.change({ put: [kuro] });
  rows.note("momo", { ...momo, born: 9 });
  await changing;
  expect(rows.get("momo")?.born).toBe(9);
  await rows.flush();
  expect((await open(path)).get("momo")?.born).toBe(9);
});

test("changes asked for at once are all made", async () => {
  const path = join(tempFolder(), "pets.json");
  const rows = await open(path);
  const pets = Array.from({ length: 20 }, (_, i) => ({ name: `pet${i}`, born: i }));
  await Promise.all(pets.map((pet) => rows.change({ put: [pet] })));
  expect((await open(path)).all().size).toBe(20);
});

test("a change the disk refuses has not happened, and the next one that fits has", async () => {
  const folder = join(tempFolder(), "state");
  const path = join(folder, "pets.json");
  const rows = await open(path);
  writeFileSync(folder, "a file where the folder should be");
  await expect(rows.change({ put: [momo] })).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
  expect(rows.get("momo")).toBeUndefined();
  rmSync(folder);
  await rows.change({ put: [kuro] });
  expect([...(await open(path)).all().keys()]).toEqual(["kuro"]);
});

test("what was noted before a write that failed is written by the next", async () => {
  const path = join(tempFolder(), "pets.json");
  const rows = await open(path);
  await rows.change({ put: [momo] });
  rows.note("momo", { ...momo, born: 9 });
  rmSync(path);
  mkdirSync(path);
  await expect(rows.flush()).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
  rmSync(path, { recursive: true });
  await rows.flush();
  expect((await open(path)).get("momo")?.born).toBe(9);
});

test.each([
  ["half of it", '{"version":1,"rows":[{"name":"mo'],
  ["nothing", ""],
  ["no object", "[]"],
  ["no rows", '{"version":1}'],
  ["a row that lacks something", '{"version":1,"rows":[{"name":"momo"}]}'],
  [
    "a row with more than we know",
    '{"version":1,"rows":[{"name":"momo","born":1,"role":"owner"}]}',
  ],
  ["a row of another kind", '{"version":1,"rows":[{"name":"momo","born":"1"}]}'],
  ["one row twice", '{"version":1,"rows":[{"name":"momo","born":1},{"name":"momo","born":2}]}'],
  ["a key of objects", '{"version":1,"rows":[{"__proto__":{"name":"momo","born":1}}]}'],
])("a file with %s is refused and kept", async (_, text) => {
  const path = join(tempFolder(), "pets.json");
  writeFileSync(path, text);
  await expect(open(path)).rejects.toMatchObject({
    code: "ACCESS_STATE_DAMAGED",
    fix: expect.stringContaining(`mv ${path} ${path}.damaged`) as string,
  });
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("a file of another version is refused as that, and kept", async () => {
  const path = join(tempFolder(), "pets.json");
  const text = '{"version":2,"pets":{}}';
  writeFileSync(path, text);
  await expect(open(path)).rejects.toMatchObject({ code: "ACCESS_STATE_FOREIGN" });
  expect(readFileSync(path, "utf8")).toBe(text);
});
