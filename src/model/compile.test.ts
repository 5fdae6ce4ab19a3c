import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { portalHost } from "./plan.ts";
import { HOME_SCOPE } from "./scope.ts";
import type { AppSettings } from "./settings.ts";
import { parseTarget } from "./target.ts";

function app(name: string, ...hosts: string[]): AppSettings {
  return { name, upstream: parseTarget("3000"), hosts, origins: [], access: "open", openPaths: [] };
}

test("an app answers to its flat name first, then to what the person added, then on this machine", () => {
  const { apps } = compile([app("wiki", "wiki.home.arpa", "w.lan")], HOME_SCOPE);
  expect(apps[0]?.hosts).toEqual(["wiki.local", "wiki.home.arpa", "w.lan", "wiki.localhost"]);
});

test("a name that is said twice for one app is there once", () => {
  const { apps } = compile([app("wiki", "wiki.local", "wiki.lan", "wiki.lan")], HOME_SCOPE);
  expect(apps[0]?.hosts).toEqual(["wiki.local", "wiki.lan", "wiki.localhost"]);
});

test("every name leads to its app, and the door's own names to the portal", () => {
  const { routes, apps } = compile([app("wiki"), app("nas", "files.lan")], HOME_SCOPE);
  expect([...routes.keys()]).toEqual([
    "genkan.local",
    "genkan.localhost",
    "wiki.local",
    "wiki.localhost",
    "nas.local",
    "files.lan",
    "nas.localhost",
  ]);
  expect(routes.get("genkan.local")).toEqual({ kind: "portal", host: "genkan.local" });
  expect(routes.get("files.lan")).toEqual({ kind: "app", host: "files.lan", app: apps[1] });
});

test("without apps there is still the portal", () => {
  expect(compile([], undefined)).toMatchObject({ apps: [], routes: { size: 2 } });
});

test("two apps cannot have one name", () => {
  expect(() => compile([app("wiki"), app("nas", "wiki.local")], HOME_SCOPE)).toThrow(
    expect.objectContaining({
      code: "NAME_TAKEN",
      message: "wiki.local is asked for twice: by wiki and by nas.",
      fix: expect.stringContaining("genkan remove wiki") as string,
    }),
  );
  expect(() => compile([app("wiki"), app("wiki")], HOME_SCOPE)).toThrow(/asked for twice/);
});

test.each(["genkan.local", "genkan.localhost"])("nobody gets the door's own name %s", (host) => {
  expect(() => compile([app("wiki", host)], HOME_SCOPE)).toThrow(
    expect.objectContaining({
      code: "NAME_RESERVED",
      message: expect.stringContaining(host) as string,
    }),
  );
});

test("a name the authority may not vouch for is refused, with the domain that would allow it", () => {
  expect(() => compile([app("wiki", "wiki.yourdomain.example")], HOME_SCOPE)).toThrow(
    expect.objectContaining({
      code: "NAME_OUT_OF_SCOPE",
      message: expect.stringContaining("names under local, home.arpa") as string,
      fix: expect.stringMatching(/--domain yourdomain\.example$/) as string,
    }),
  );
});

test("an authority without limits vouches for any name", () => {
  expect(compile([app("wiki", "wiki.example.com")], undefined).routes.has("wiki.example.com")).toBe(
    true,
  );
});

test("a name that stands in for another machine's comes first and leads to the same", () => {
  const renames = new Map([
    ["wiki.local", "wiki-box.local"],
    ["genkan.local", "genkan-box.local"],
  ]);
  const plan = compile([app("wiki")], HOME_SCOPE, renames);
  expect(plan.apps[0]?.hosts).toEqual(["wiki-box.local", "wiki.local", "wiki.localhost"]);
  expect(plan.routes.get("wiki-box.local")).toMatchObject({ kind: "app", app: { name: "wiki" } });
  expect(plan.routes.get("genkan-box.local")).toEqual({ kind: "portal", host: "genkan-box.local" });
  expect(portalHost(plan)).toBe("genkan-box.local");
});

test("a stand-in never takes a name that a person gave", () => {
  const plan = compile(
    [app("wiki"), app("wiki-box")],
    HOME_SCOPE,
    new Map([["wiki.local", "wiki-box.local"]]),
  );
  expect(plan.apps[0]?.hosts).toEqual(["wiki.local", "wiki.localhost"]);
  expect(plan.routes.get("wiki-box.local")).toMatchObject({ app: { name: "wiki-box" } });
});
