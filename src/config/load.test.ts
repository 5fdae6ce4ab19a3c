import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { GenkanError } from "../kernel/errors.ts";
import { loadConfig, readConfig } from "./load.ts";

/** A genkan.yaml with this text or these bytes. */
function fileWith(content: string | Uint8Array): string {
  const path = join(tempFolder(), "genkan.yaml");
  writeFileSync(path, content);
  return path;
}

/** Why a file is not loaded. */
async function refusalOf(path: string): Promise<GenkanError> {
  const thrown: unknown = await loadConfig(path).then(
    () => new Error("it was loaded"),
    (error: unknown) => error,
  );
  if (thrown instanceof GenkanError) return thrown;
  throw thrown;
}

test("a file gives its settings and its text", async () => {
  const text = "# mine\napps:\n  wiki: 8080\n";
  const loaded = await loadConfig(fileWith(text));
  expect(loaded.text).toBe(text);
  expect(loaded.warnings).toEqual([]);
  expect(loaded.settings.apps).toMatchObject([{ name: "wiki" }]);
});

test("a file that is not there, or empty, is the configuration without apps", async () => {
  const absent = await loadConfig(join(tempFolder(), "none", "genkan.yaml"));
  expect(absent).toMatchObject({ text: "", settings: { apps: [], authority: "own" } });
  expect(await loadConfig(fileWith(""))).toEqual(absent);
});

test("what is right and still worth a look is told as a line", async () => {
  const { warnings } = await loadConfig(fileWith("domains: [box.lan]\n"));
  expect(warnings).toEqual([
    "genkan.yaml:1:1 domains: Every authority may vouch for box.lan already; it can go.",
  ]);
});

test("a wrong file is refused with the whole report", async () => {
  const path = fileWith("apps:\n  wiki: 0\n  nas: nas\n");
  const refusal = await refusalOf(path);
  expect(refusal).toMatchObject({ code: "CONFIG_INVALID", exit: 2 });
  expect(refusal.message.split("\n")).toEqual([
    `${path} has 2 problems:`,
    expect.stringMatching(/^ {2}genkan\.yaml:2:9 apps\.wiki: 0 is not allowed here/),
    expect.stringMatching(/^ {2}genkan\.yaml:3:8 apps\.nas: "nas" is no target/),
  ]);
  expect(refusal.fix).toContain(path);
});

test("a file from a newer Genkan is refused with the way out", async () => {
  const path = fileWith("version: 2\n");
  expect(await refusalOf(path)).toMatchObject({
    code: "CONFIG_FROM_NEWER_VERSION",
    message: `${path} says version: 2, which a newer Genkan wrote; this one reads version 1.`,
    fix: expect.stringContaining("Use the newer Genkan") as string,
    exit: 2,
  });
});

test("what is no UTF-8 is refused with its place", async () => {
  const latin1 = fileWith(Buffer.from("version: 1\n# Küche\n", "latin1"));
  expect(await refusalOf(latin1)).toMatchObject({
    code: "CONFIG_INVALID",
    message: `${latin1} has one problem:\n  genkan.yaml:2:4 This is no UTF-8 text. Save the file as UTF-8.`,
  });
  const utf16 = fileWith(Buffer.from("\uFEFFversion: 1\n", "utf16le"));
  expect((await refusalOf(utf16)).message).toContain("genkan.yaml:1:1 This is no UTF-8 text.");
});

test("a file that lost its content to a power cut is refused, not taken for an empty one", async () => {
  expect((await refusalOf(fileWith(Buffer.alloc(4096)))).code).toBe("CONFIG_INVALID");
});

test("a file of more than a megabyte is another file", async () => {
  const path = fileWith(`# ${"x".repeat(1024 * 1024)}\n`);
  expect(await refusalOf(path)).toMatchObject({
    code: "CONFIG_TOO_LARGE",
    message: `${path} has 1048579 bytes; a configuration has at most 1048576.`,
    exit: 2,
  });
});

test("a folder and a socket in the file's place are refused", async () => {
  const folder = join(tempFolder(), "genkan.yaml");
  mkdirSync(folder);
  expect(await refusalOf(folder)).toMatchObject({
    code: "CONFIG_NO_FILE",
    message: `${folder} is a folder, not a file.`,
  });

  const socket = join(tempFolder(), "genkan.yaml");
  const server = createServer().listen(socket);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  expect((await refusalOf(socket)).message).toContain("a device, pipe or socket, not a file");
});

test("a device is not read for ever", async () => {
  const path = join(tempFolder(), "genkan.yaml");
  symlinkSync("/dev/zero", path);
  expect((await refusalOf(path)).code).toBe("CONFIG_NO_FILE");
});

test("a file in the way of the folder, and links in a circle, are told in words", async () => {
  expect(await refusalOf(join(fileWith(""), "genkan.yaml"))).toMatchObject({
    code: "FILE_NOT_READABLE",
    message: expect.stringContaining("a part of the path is a file") as string,
  });
  const loop = join(tempFolder(), "genkan.yaml");
  symlinkSync(loop, loop);
  expect((await refusalOf(loop)).code).toBe("FILE_NOT_READABLE");
});

test.skipIf(process.getuid?.() === 0)(
  "a file without the right to read it is refused",
  async () => {
    const path = fileWith("version: 1\n");
    chmodSync(path, 0);
    expect((await refusalOf(path)).code).toBe("FILE_NOT_READABLE");
  },
);

test("a text that was read already is checked in the same way", () => {
  expect(readConfig("genkan.yaml", "apps: { wiki: 1 }").settings.apps).toHaveLength(1);
  expect(() => readConfig("genkan.yaml", "version: 9")).toThrow(/newer Genkan/);
});
