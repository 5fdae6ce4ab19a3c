import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test.each([
  ["plain text stays as it is", "nginx: master process", "nginx: master process"],
  ["letters of any language stay", "玄関 größer", "玄関 größer"],
  ["a terminal's escape sequences lose their power", "a\u001b[2Jb\u009b31mc", "a [2Jb 31mc"],
  ["lines become one line", "one\r\ntwo\n", "one two"],
  ["the reading direction cannot be turned", "exe.\u202etxt", "exe. txt"],
])("%s", (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test("what is too long is cut between characters, never inside one", () => {
  expect(printable("😀".repeat(10), 5)).toBe("😀😀...");
  expect(printable("😀".repeat(5), 5)).toBe("😀".repeat(5));
});
