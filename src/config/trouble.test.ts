import { expect, test } from "vitest";
import { parseAppName } from "../model/hostname.ts";
import { troubleOf } from "./trouble.ts";

test("a refusal becomes a value, and its absence undefined", () => {
  expect(troubleOf(() => parseAppName("3000"))?.code).toBe("NAME_INVALID");
  expect(troubleOf(() => parseAppName("wiki"))).toBeUndefined();
});

test("a bug is not taken for a person's mistake", () => {
  const bug = new TypeError("undefined is not a function");
  expect(() =>
    troubleOf(() => {
      throw bug;
    }),
  ).toThrow(bug);
});
