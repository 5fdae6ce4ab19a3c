import { expect, test } from "vitest";
import { parseAccess } from "./access.ts";

test("open, and nothing said, are taken as they are", () => {
  expect(parseAccess("open")).toBe("open");
  expect(parseAccess(undefined)).toBeUndefined();
});

test.each(["household", "owner"])("%s is refused until there is a sign-in to keep it", (word) => {
  expect(() => parseAccess(word)).toThrow(
    /no sign-in in this version yet, so it would promise what it does not keep/,
  );
});

test.each(["everyone", "OPEN", ""])("%j is refused with the word there is", (word) => {
  expect(() => parseAccess(word)).toThrow(/write open/);
});
