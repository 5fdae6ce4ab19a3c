import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admit,
  type AppAccess,
  type Entry,
  kindOf,
  type RequestKind,
  type Visitor,
} from "./admission.ts";
import { parseOpenPath } from "./open-paths.ts";

const nobody: Visitor = { is: "nobody" };
const device = (role: "owner" | "member" | "guest"): Visitor => ({
  is: "device",
  id: "d",
  name: "phone",
  role,
});
const program = (...apps: string[]): Visitor => ({ is: "program", id: "p", name: "backup", apps });
const entry = (more: Partial<Entry>): Entry => ({
  app: "wiki",
  access: "household",
  openPaths: [],
  visitor: nobody,
  method: "GET",
  path: "/",
  kind: "navigation",
  ...more,
});

describe("a stranger", () => {
  test.each<[RequestKind, string, object]>([
    ["navigation", "GET", { is: "to-portal", isUnsent: false }],
    ["navigation", "HEAD", { is: "to-portal", isUnsent: false }],
    ["navigation", "POST", { is: "to-portal", isUnsent: true }],
    ["fetch", "GET", { is: "sign-in-needed" }],
    ["fetch", "POST", { is: "sign-in-needed" }],
    ["websocket", "GET", { is: "sign-in-needed" }],
  ])("%s with %s is asked who they are", (kind, method, verdict) => {
    for (const access of ["household", "owner"] as const) {
      expect(admit(entry({ kind, method, access }))).toEqual(verdict);
    }
  });
  test("gets into an app that is open", () => {
    expect(admit(entry({ access: "open", kind: "websocket" }))).toEqual({ is: "let-in" });
  });
  test("gets to an open path of a closed app, and to no other", () => {
    const openPaths = [parseOpenPath("/webhook/*")];
    expect(admit(entry({ openPaths, path: "/webhook/x", method: "POST", kind: "fetch" }))).toEqual({
      is: "let-in",
    });
    expect(admit(entry({ openPaths, path: "/webhook/../x", kind: "fetch" })).is).toBe(
      "sign-in-needed",
    );
  });
});

test.each([
  ["household", "owner", "let-in"],
  ["household", "member", "let-in"],
  ["household", "guest", "let-in"],
  ["owner", "owner", "let-in"],
  ["owner", "member", "refused"],
  ["owner", "guest", "refused"],
] as const)("an app for the %s and a device of a %s: %s", (access, role, verdict) => {
  expect(admit(entry({ access, visitor: device(role) })).is).toBe(verdict);
});

test("a program gets into the apps it was made for, and is not asked to sign in elsewhere", () => {
  expect(admit(entry({ visitor: program("wiki"), kind: "fetch" }))).toEqual({ is: "let-in" });
  expect(admit(entry({ visitor: program("nas", "wikis"), kind: "fetch" }))).toEqual({
    is: "refused",
    why: "other-app",
  });
});

test("nobody at all gets into a closed app, however they ask", () => {
  const facts = fc.record({
    access: fc.constantFrom<AppAccess>("household", "owner"),
    path: fc.oneof(fc.webPath(), fc.string()),
    method: fc.string(),
    kind: fc.constantFrom<RequestKind>("navigation", "fetch", "websocket"),
  });
  fc.assert(
    fc.property(facts, (given) => {
      expect(admit(entry(given)).is).not.toBe("let-in");
    }),
  );
});

describe("what kind of request it is", () => {
  const html = "text/html,application/xhtml+xml,*/*;q=0.8";
  test.each<[RequestKind, Partial<Parameters<typeof kindOf>[0]>]>([
    ["navigation", { fetchMode: "navigate", fetchDest: "document", accept: html }],
    ["navigation", { accept: html }],
    ["fetch", { fetchMode: "navigate", fetchDest: "iframe", accept: html }],
    ["fetch", { fetchMode: "cors", fetchDest: "empty", accept: html }],
    ["fetch", { accept: "*/*" }],
    ["fetch", {}],
    ["websocket", { isWebSocket: true, accept: html }],
  ])("%s", (kind, facts) => {
    const none = {
      isWebSocket: false,
      fetchMode: undefined,
      fetchDest: undefined,
      accept: undefined,
    };
    expect(kindOf({ ...none, ...facts })).toBe(kind);
  });
});
