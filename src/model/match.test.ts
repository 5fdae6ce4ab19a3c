import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { match } from "./match.ts";
import { parseTarget } from "./target.ts";

const wiki = {
  name: "wiki",
  upstream: parseTarget("3000"),
  hosts: [],
  origins: [],
  access: "open" as const,
  openPaths: [],
};
const plan = compile([wiki], undefined);

test("a name of the plan leads to its route", () => {
  expect(match(plan, "wiki.local")).toMatchObject({ kind: "app", app: { name: "wiki" } });
  expect(match(plan, "genkan.local")).toEqual({ kind: "portal", host: "genkan.local" });
});

test.each(["192.168.1.10", "::1"])("the bare address %s shows the portal", (host) => {
  expect(match(plan, host)).toEqual({ kind: "portal", host });
});

test.each(["nas.local", "x.wiki.local", "local", "", "constructor"])(
  "the door knows no name %j",
  (host) => {
    expect(match(plan, host)).toBeUndefined();
  },
);
