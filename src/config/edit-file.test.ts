import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { DEFAULT_ACCESS } from "../model/access.ts";
import { parseTarget } from "../model/target.ts";
import { takeLock } from "../platform/lock.ts";
import { addApp, removeApp } from "./edit.ts";
import { editConfig } from "./edit-file.ts";

function adding(name: string, ...hosts: string[]): (text: string) => string {
  const app = {
    name,
    upstream: parseTarget("3000"),
    hosts,
    origins: [],
    access: DEFAULT_ACCESS,
    openPaths: [],
  };
  return (text) => addApp(text, app);
}

function fileWith(text: string): string {
  const path = join(tempFolder(), "genkan.yaml");
  writeFileSync(path, text);
  return path;
}

test("the first app makes the folder and the file", async () => {
  const path = join(tempFolder(), "config", "genkan", "genkan.yaml");
  const edited = await editConfig(path, { change: adding("wiki") });
  expect(edited).toMatchObject({ isChanged: true, settings: { apps: [{ name: "wiki" }] } });
  expect(readFileSync(path, "utf8")).toBe(edited.text);
  expect(readdirSync(join(path, ".."))).toEqual(["genkan.yaml"]);
});

test("what the file says already is not written again", async () => {
  const path = fileWith("apps:\n  wiki: 3000\n");
  const before = statSync(path).ino;
  expect((await editConfig(path, { change: adding("wiki") })).isChanged).toBe(false);
  expect(statSync(path).ino).toBe(before);
});

test("the file keeps its rights", async () => {
  const path = fileWith("version: 1\n");
  chmodSync(path, 0o660);
  await editConfig(path, { change: adding("wiki") });
  expect(statSync(path).mode & 0o777).toBe(0o660);
});

test("a link stays a link, and what it leads to is changed", async () => {
  const place = fileWith("version: 1\n");
  const link = join(tempFolder(), "genkan.yaml");
  symlinkSync(place, link);
  await editConfig(link, { change: adding("wiki") });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(place, "utf8")).toContain("wiki: 3000");
});

test.each([
  ["a wrong file", "apps:\n  wiki: 0\n", "CONFIG_INVALID"],
  ["a newer file", "version: 2\n", "CONFIG_FROM_NEWER_VERSION"],
])("%s is not touched", async (_, text, code) => {
  const path = fileWith(text);
  await expect(editConfig(path, { change: adding("nas") })).rejects.toMatchObject({ code });
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("a change that would make the file wrong is not made", async () => {
  const text = "apps:\n  wiki: 3000\n";
  const path = fileWith(text);
  await expect(editConfig(path, { change: adding("nas", "wiki.local") })).rejects.toMatchObject({
    code: "CONFIG_CHANGE_REFUSED",
    message: expect.stringContaining(
      "wiki.local is asked for twice: by wiki and by nas.",
    ) as string,
    exit: 2,
  });
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("a change that somebody does not accept is not made", async () => {
  const path = fileWith("");
  const accept = (): Promise<void> => Promise.reject(new Error("out of scope"));
  await expect(editConfig(path, { change: adding("nas"), accept })).rejects.toThrow("out of scope");
  expect(readFileSync(path, "utf8")).toBe("");
});

test("what somebody else saves in the meantime is kept, and the change is made to that", async () => {
  const path = fileWith("# old\n");
  let asked = 0;
  const accept = (): void => {
    asked += 1;
    if (asked === 1) writeFileSync(path, "# new\n");
  };
  await editConfig(path, { change: adding("wiki"), accept });
  expect(readFileSync(path, "utf8")).toBe("# new\napps:\n  wiki: 3000\n");
  expect(asked).toBe(2);
});

test("a file that is taken away in the meantime is not brought back with its old content", async () => {
  const path = join(tempFolder(), "genkan.yaml");
  let asked = 0;
  const accept = (): void => {
    asked += 1;
    if (asked === 1) writeFileSync(path, "");
  };
  await editConfig(path, { change: adding("wiki"), accept });
  expect(asked).toBe(2);
});

test("a file that never holds still is left to the other", async () => {
  const path = fileWith("# 0\n");
  let saves = 0;
  const accept = (): void => writeFileSync(path, `# ${(saves += 1)}\n`);
  await expect(editConfig(path, { change: adding("wiki"), accept })).rejects.toMatchObject({
    code: "CONFIG_BUSY",
  });
  expect(readFileSync(path, "utf8")).toBe(`# ${saves}\n`);
});

test("many changes at once are all made", async () => {
  const path = fileWith("version: 1\n");
  const names = Array.from({ length: 12 }, (_, i) => `app${i}`);
  await Promise.all(names.map((name) => editConfig(path, { change: adding(name) })));
  const { settings } = await editConfig(path, { change: (text) => removeApp(text, "app7") });
  expect(settings.apps.map(({ name }) => name).sort()).toEqual(
    names.filter((name) => name !== "app7").sort(),
  );
});

test("a genkan that is changing the file is waited for, and not for ever", async () => {
  const path = fileWith("version: 1\n");
  const lock = await takeLock(`${path}.lock`, { command: "genkan add", socket: "" });
  await expect(editConfig(path, { change: adding("wiki"), patience: 2 })).rejects.toMatchObject({
    code: "CONFIG_BUSY",
  });
  const waiting = editConfig(path, { change: adding("wiki") });
  await lock.stop();
  expect((await waiting).isChanged).toBe(true);
});

test("a place where nothing can be written is told in words", async () => {
  const path = join(fileWith(""), "genkan.yaml");
  await expect(editConfig(path, { change: adding("wiki") })).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
  });
  const folder = join(tempFolder(), "genkan.yaml");
  mkdirSync(folder);
  await expect(editConfig(folder, { change: adding("wiki") })).rejects.toMatchObject({
    code: "CONFIG_NO_FILE",
  });
});
