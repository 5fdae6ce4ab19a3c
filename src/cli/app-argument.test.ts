import { expect, test } from "vitest";
import { appsOfArguments } from "./app-argument.ts";

test.each([
  ["3000", "app-3000"],
  ["Wiki=3000", "wiki"],
  ["nas.lan:8080", "nas"],
  ["192.168.1.5:80", "app-192-168-1-5"],
  ["[fd00::5]:80", "app-fd00-5"],
  ["[fd00::]:80", "app-fd00"],
])("%s is an app called %s", (text, name) => {
  expect(appsOfArguments([text], "open").map((app) => app.name)).toEqual([name]);
});

test("what is there twice is meant once", () => {
  expect(appsOfArguments(["3000", "app-3000=localhost:3000"], "open")).toHaveLength(1);
});

test("two targets that would get one name are refused, with the way to tell them apart", () => {
  expect(() => appsOfArguments(["nas:80", "nas:81"], "open")).toThrow(
    "nas:80 and nas:81 would both be called nas; give one a name of its own: NAME=nas:81.",
  );
});

test("who may open them is said once, for all", () => {
  const apps = appsOfArguments(["wiki=1", "2"], "owner");
  expect(apps.map(({ access }) => access)).toEqual(["owner", "owner"]);
});
