import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { claimPrivateFolder, makePrivateFolder, readIfThere, writeAtomic } from "./files.ts";

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** A disk of 64 KiB, gone when the test ends; the test is skipped where we may not mount one. */
function tinyDisk(context: TestContext): string {
  const path = tempFolder();
  const { status, stderr } = spawnSync(
    "mount",
    ["-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", path],
    { encoding: "utf8" },
  );
  if (status !== 0) context.skip(`no disk may be mounted here: ${stderr?.split("\n")[0]}`);
  onTestFinished(() => void spawnSync("umount", [path]));
  return path;
}

test("a file is written whole, in a folder made for its user alone", async () => {
  const path = join(tempFolder(), "deep", "state.json");
  await writeAtomic(path, "one");
  await writeAtomic(path, "two");
  expect(await readIfThere(path)).toBe("two");
  expect(modeOf(join(path, ".."))).toBe(0o700);
  expect(readdirSync(join(path, ".."))).toEqual(["state.json"]);
});

test("bytes are written as they are", async () => {
  const path = join(tempFolder(), "leaf.der");
  await writeAtomic(path, Uint8Array.of(0, 255, 10));
  expect([...readFileSync(path)]).toEqual([0, 255, 10]);
});

test("a secret is nobody else's, even where its earlier file was open to all", async () => {
  const path = join(tempFolder(), "key.pem");
  writeFileSync(path, "old", { mode: 0o644 });
  await writeAtomic(path, "secret", { mode: 0o600 });
  expect(modeOf(path)).toBe(0o600);
});

test("a link planted where our file goes is replaced, not followed", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "victim"), "mine");
  symlinkSync(join(folder, "victim"), join(folder, "state.json"));
  await writeAtomic(join(folder, "state.json"), "ours");
  expect(readFileSync(join(folder, "victim"), "utf8")).toBe("mine");
  expect(lstatSync(join(folder, "state.json")).isSymbolicLink()).toBe(false);
});

test("a person's own file keeps its rights and stays a link", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "dotfiles"));
  const real = join(folder, "dotfiles", "genkan.yaml");
  const path = join(folder, "genkan.yaml");
  writeFileSync(real, "old");
  chmodSync(real, 0o640);
  symlinkSync(join("dotfiles", "genkan.yaml"), path);
  await writeAtomic(path, "new", { keep: true });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toBe("new");
  expect(modeOf(real)).toBe(0o640);
  expect(readdirSync(join(folder, "dotfiles"))).toEqual(["genkan.yaml"]);
});

test("a person's own file that is not there yet is simply made", async () => {
  const path = join(tempFolder(), "genkan.yaml");
  await writeAtomic(path, "new", { keep: true });
  expect(modeOf(path)).toBe(0o644);
});

test.runIf(isRoot)("the administrator's edit leaves a person's file that person's", async () => {
  const path = join(tempFolder(), "genkan.yaml");
  writeFileSync(path, "old");
  chownSync(path, 12345, 12345);
  await writeAtomic(path, "new", { keep: true });
  expect(statSync(path)).toMatchObject({ uid: 12345, gid: 12345 });
});

test("a full disk is told, the old text stays, and nothing is left lying about", async (context) => {
  const disk = tinyDisk(context);
  const path = join(disk, "state.json");
  await writeAtomic(path, "old");
  await expect(writeAtomic(path, "x".repeat(200_000))).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    message: `${path} cannot be written: the disk is full.`,
    cause: { code: "ENOSPC" },
  });
  expect(await readIfThere(path)).toBe("old");
  expect(readdirSync(disk)).toEqual(["state.json"]);
});

test("a read-only disk is told, and the old text stays", async (context) => {
  const disk = tinyDisk(context);
  const path = join(disk, "state.json");
  await writeAtomic(path, "old");
  expect(spawnSync("mount", ["-o", "remount,ro", disk]).status).toBe(0);
  await expect(writeAtomic(path, "new")).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    message: `${path} cannot be written: the file system is read-only.`,
  });
  await expect(makePrivateFolder(join(disk, "deep"))).rejects.toThrow("read-only");
  expect(await readIfThere(path)).toBe("old");
});

test.runIf(!isRoot)("a folder without the right to write is told", async () => {
  const folder = tempFolder();
  chmodSync(folder, 0o500);
  onTestFinished(() => chmodSync(folder, 0o700));
  await expect(writeAtomic(join(folder, "state.json"), "new")).rejects.toThrow("the rights on it");
});

test.each([
  ["a file where a folder should be", "file/state.json", "a part of the path is a file"],
  ["a folder where the file should be", "folder", "it is a folder"],
  ["a name without end", "n".repeat(300), "the path is too long"],
])("it is told when there is %s", async (_, name, why) => {
  const folder = tempFolder();
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "folder"));
  await expect(writeAtomic(join(folder, name), "x")).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    message: expect.stringContaining(why),
  });
  expect(readdirSync(folder).sort()).toEqual(["file", "folder"]);
});

test("a folder that can never be is told at once", async () => {
  await expect(makePrivateFolder("/proc/genkan/state")).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
  });
  const folder = tempFolder();
  symlinkSync("nowhere", join(folder, "link"));
  await expect(makePrivateFolder(join(folder, "link", "state"))).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
  });
});

test("the advice can be pasted whatever the path", async () => {
  const folder = join(tempFolder(), "it's here");
  mkdirSync(join(folder, "x"), { recursive: true });
  await expect(writeAtomic(join(folder, "x"), "")).rejects.toMatchObject({
    fix: expect.stringContaining(`df -h '${folder.replace("'", `'\\''`)}'`),
  });
});

test("no file is no text; a folder is a trouble", async () => {
  const folder = tempFolder();
  expect(await readIfThere(join(folder, "none"))).toBeUndefined();
  await expect(readIfThere(folder)).rejects.toMatchObject({
    code: "FILE_NOT_READABLE",
    message: `${folder} cannot be read: it is a folder, not a file.`,
  });
});

test("a private folder in a shared place is made, and found again", async () => {
  const path = join(tempFolder(), "genkan-1000-x");
  await claimPrivateFolder(path);
  await claimPrivateFolder(path);
  expect(modeOf(path)).toBe(0o700);
});

test("a folder others may look into is refused", async () => {
  const path = join(tempFolder(), "genkan-1000-x");
  mkdirSync(path);
  chmodSync(path, 0o755);
  await expect(claimPrivateFolder(path)).rejects.toMatchObject({
    code: "FOLDER_NOT_PRIVATE",
    fix: expect.stringContaining(`chmod 700 ${path}`),
  });
});

test("a link somebody laid in place of our folder is refused", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "theirs"), { mode: 0o700 });
  symlinkSync("theirs", join(folder, "genkan-1000-x"));
  await expect(claimPrivateFolder(join(folder, "genkan-1000-x"))).rejects.toThrow("it is a link");
});

test.runIf(isRoot)("a folder somebody else made in our name is refused", async () => {
  const path = join(tempFolder(), "genkan-0-x");
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 12345, 12345);
  await expect(claimPrivateFolder(path)).rejects.toThrow("another user (number 12345)");
});
