import { expect, test } from "vitest";
import { ACCESS_WORDS, DEFAULT_ACCESS, parseAccess } from "./access.ts";

test.each(ACCESS_WORDS)("%s is taken as it is", (word) => {
  expect(parseAccess(word)).toBe(word);
});

test("where nothing is said, the default counts", () => {
  expect(parseAccess(undefined)).toBe(DEFAULT_ACCESS);
});

test.each(["everyone", "OPEN", ""])("%j is refused with the words there are", (word) => {
  expect(() => parseAccess(word)).toThrow(/write household .* owner .* open/);
});
