import { expect, test } from "vitest";
import { VERSION } from "./version.ts";

test("the version has three numbers", () => {
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
});
