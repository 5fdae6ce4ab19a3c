import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((path) => /[.]tsx?$/.test(path) && !path.includes(".test."))
  .map((path) => ({ path, text: readFileSync(join(src, path), "utf8") }))
  .map(({ path, text }) => ({ path, text, lines: text.split("\n").length - 1 }));

test("no file has more than 300 lines", () => {
  expect(files.filter(({ lines }) => lines > 300).map(({ path }) => path)).toEqual([]);
});

test("half of the files have at most 90 lines", () => {
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(90);
});

test("every file that is not tiny or a catalogue of errors opens by saying what it is", () => {
  const mute = files.filter(
    ({ path, text, lines }) => lines > 10 && !path.endsWith("errors.ts") && !/^\/[*]/.test(text),
  );
  expect(mute.map(({ path }) => path)).toEqual([]);
});
