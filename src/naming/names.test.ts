import { describe, expect, test } from "vitest";
import { parseHostname } from "../model/hostname.ts";
import { isCarried, nameInstead, needsAnotherWay } from "./names.ts";

test.each([
  ["hello.local", true],
  ["a.b.local", false],
  ["openhands.yourdomain.local", false],
  ["wiki.home.arpa", false],
  ["hello.localhost", false],
  ["local", false],
])("multicast DNS carries %s: %s", (name, carried) => {
  expect(isCarried(name)).toBe(carried);
});

test("what browsers find by themselves needs no other way", () => {
  const names = ["hello.local", "hello.localhost", "a.b.local", "wiki.home.arpa"];
  expect(names.filter(needsAnotherWay)).toEqual(["a.b.local", "wiki.home.arpa"]);
});

describe("a name that stands in for another machine's", () => {
  test("says which machine it is on", () => {
    expect(nameInstead("hello.local", "box", 1)).toBe("hello-box.local");
    expect(nameInstead("hello.local", "box", 2)).toBe("hello-box-2.local");
  });

  test.each([
    ["Ada's MacBook Pro", "hello-ada-s-macbook-pro.local"],
    ["_", "hello-box.local"],
    ["", "hello-box.local"],
    ["東京", "hello-box.local"],
  ])("is a good name on a machine called %j", (box, name) => {
    expect(nameInstead("hello.local", box, 1)).toBe(name);
  });

  test("fits into a label however long both are", () => {
    const name = nameInstead(`${"a".repeat(63)}.local`, "b".repeat(63), 3);
    expect(parseHostname(name)).toBe(name);
    expect(name).toMatch(/-b{30}-3\.local$/);
  });
});
