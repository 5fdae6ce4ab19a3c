import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planOf } from "../../../test/support/door.ts";
import { isPath, readWanted, targetFields } from "./target.ts";

const N = "a".repeat(43);
const plan = planOf({ wiki: 1 });
const read = (fields: Record<string, string>, port = 443) =>
  readWanted(new URLSearchParams(fields), { plan, port });

describe("where a visitor wanted to go", () => {
  test("is an app of the plan, at the door's port, and a path there", () => {
    const wanted = read({ to: "Wiki.local:8443", n: N, path: "/a?b=%2F#c" }, 8443);
    expect(wanted).toEqual({
      is: "target",
      target: {
        host: "wiki.local",
        authority: "wiki.local:8443",
        nonceHash: N,
        path: "/a?b=%2F#c",
      },
    });
  });

  test("is read as it was written", () => {
    const wanted = read({ to: "wiki.local", n: N, path: "/" });
    if (wanted.is !== "target") throw new Error(wanted.is);
    expect(
      readWanted(new URLSearchParams(targetFields(wanted.target)), { plan, port: 443 }),
    ).toEqual(wanted);
  });

  test("is nothing where nothing is said of it", () => {
    expect(read({})).toEqual({ is: "nothing" });
    expect(read({ lang: "ja" })).toEqual({ is: "nothing" });
  });

  test.each([
    ["another site", { to: "evil.example" }],
    ["the portal itself", { to: "genkan.local" }],
    ["an app and more", { to: "wiki.local@evil.example" }],
    ["an app and more", { to: "wiki.local/evil" }],
    ["an app and more", { to: "https://wiki.local" }],
    ["an app's name with another end", { to: "wiki.local.evil.example" }],
    ["another port of this machine", { to: "wiki.local:9999" }],
    ["an address", { to: "192.168.1.66" }],
    ["nobody", { to: "" }],
    ["another host, after two slashes", { path: "//evil.example/" }],
    ["another host, after a backslash", { path: "/\\evil.example/" }],
    ["another host, behind a tab browsers drop", { path: "/\t/evil.example/" }],
    ["another host, behind a line", { path: "/\n/evil.example" }],
    ["another scheme", { path: "https://evil.example/" }],
    ["a script", { path: "javascript:alert(1)" }],
    ["no place", { path: "" }],
    ["letters a request line has not", { path: "/ä" }],
    ["what the door keeps for itself", { path: "/.genkan/sign-out" }],
    ["more than a way is long", { path: `/${"a".repeat(9000)}` }],
    ["no hash", { n: "abc" }],
    ["no hash", { n: `${"a".repeat(42)}!` }],
  ])("is never %s", (_, wrong) => {
    expect(read({ to: "wiki.local", n: N, path: "/", ...wrong })).toEqual({ is: "bad" });
  });

  test.each(["to", "n", "path"])("is nowhere without %s", (missing) => {
    const fields = Object.entries({ to: "wiki.local", n: N, path: "/" });
    const rest = Object.fromEntries(fields.filter(([name]) => name !== missing));
    expect(read(rest)).toEqual({ is: "bad" });
  });

  test("is nowhere before there is a plan", () => {
    const said = new URLSearchParams({ to: "wiki.local", n: N, path: "/" });
    expect(readWanted(said, { plan: undefined, port: 443 })).toEqual({ is: "bad" });
  });

  test("whatever passes for a path stays at the host it is used at, for browsers too", () => {
    const pieces = ["/", "\\", ".", "..", "@", ":", "?", "#", "%2f", "\t", "evil.example"];
    const texts = fc
      .array(fc.constantFrom(...pieces), { maxLength: 8 })
      .map((parts) => `/${parts.join("")}`);
    const taken = fc.sample(texts, 2000).filter(isPath);
    const hosts = taken.map((path) => new URL(path, "https://wiki.local").host);
    expect(taken.length).toBeGreaterThan(100);
    expect(new Set(hosts)).toEqual(new Set(["wiki.local"]));
  });
});

test("a sandbox of an app is at a port of its own, and no other app's is there", () => {
  const hasSandboxAt = (host: string, port: number): boolean =>
    host === "wiki.local" && port === 41_234;
  const at = (to: string) =>
    readWanted(new URLSearchParams({ to, n: N, path: "/a" }), { plan, port: 443, hasSandboxAt });
  expect(at("wiki.local:41234")).toMatchObject({ target: { authority: "wiki.local:41234" } });
  expect(at("wiki.local:41235")).toEqual({ is: "bad" });
  expect(at("wiki.localhost:41234")).toEqual({ is: "bad" });
  expect(at("genkan.local:41234")).toEqual({ is: "bad" });
});
