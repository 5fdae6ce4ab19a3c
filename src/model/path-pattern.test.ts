import { expect, test } from "vitest";
import { matchesPattern, patternSource } from "./path-pattern.ts";

const VSCODE = "/api/conversations/*/vscode-url";

test("a star stands for one segment, whatever it is, and for no more", () => {
  expect(matchesPattern(VSCODE, "/api/conversations/4f/vscode-url")).toBe(true);
  expect(matchesPattern(VSCODE, "/api/conversations/vscode-url")).toBe(false);
  expect(matchesPattern(VSCODE, "/api/conversations/a/b/vscode-url")).toBe(false);
  expect(matchesPattern(VSCODE, "/api/conversations//vscode-url")).toBe(false);
});

test("a pattern is a whole path, not the beginning or the end of one", () => {
  expect(matchesPattern("/api/v1/sandboxes", "/api/v1/sandboxes")).toBe(true);
  expect(matchesPattern("/api/v1/sandboxes", "/api/v1/sandboxes/search")).toBe(false);
  expect(matchesPattern("/api/v1/sandboxes", "/x/api/v1/sandboxes")).toBe(false);
});

test("what means something in regular expressions means itself in a pattern", () => {
  expect(matchesPattern("/a.b", "/axb")).toBe(false);
  expect(matchesPattern("/a(b)+$", "/a(b)+$")).toBe(true);
  expect(patternSource("/api/*")).toBe("^/api/[^/]+$");
});
