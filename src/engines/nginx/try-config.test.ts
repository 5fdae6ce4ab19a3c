import { expect, test } from "vitest";
import { ProgramFailedError } from "../../platform/run.ts";
import { wordsOf } from "./try-config.ts";

const END = { program: "nginx", args: ["-t"], missing: false };

test("a refusal is told in nginx's own words, without its number and the level", () => {
  const output =
    'nginx: [emerg] 12#12: unknown directive "x" in nginx.conf:7\nnginx: test failed\n';
  const refused = new ProgramFailedError({ ...END, exitCode: 1, output }, undefined);
  expect(wordsOf(refused)).toBe('unknown directive "x" in nginx.conf:7');
});

test("an nginx that came to no end is no verdict about the apps", () => {
  const killed = new ProgramFailedError({ ...END, exitCode: undefined, output: "" }, undefined);
  expect(() => wordsOf(killed)).toThrow(killed);
});
