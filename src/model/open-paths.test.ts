import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOpenPath, parseOpenPath } from "./open-paths.ts";

const open = ["/webhook/*", "/health", "/My%20Files/*", "/.well-known/*"].map(parseOpenPath);

test.each([
  "/webhook/",
  "/webhook/a",
  "/webhook/a/b.json",
  "/webhook/%C3%A4",
  "/health",
  "/My%20Files/x",
  "/.well-known/acme",
])("%s is open", (path) => {
  expect(isOpenPath(path, open)).toBe(true);
});

test.each([
  "/",
  "",
  "webhook/a",
  "*",
  "/webhook",
  "/webhooks/a",
  "/WEBHOOK/a",
  "/health/",
  "/health/x",
  "/healthy",
])("%j is another path", (path) => {
  expect(isOpenPath(path, open)).toBe(false);
});

describe("what an app could read otherwise than the door is closed", () => {
  test.each([
    "/webhook/../admin",
    "/webhook/./a",
    "/webhook/.../a",
    "/webhook/..%20/a",
    "/webhook/a./b",
    "/webhook/%2e%2e/admin",
    "/webhook/.%2e/admin",
    "/webhook/..%2fadmin",
    "/webhook/..%5cadmin",
    "/webhook/..\\admin",
    "/webhook/%252e%252e/admin",
    "/webhook/..;/admin",
    "/webhook/a;x=1",
    "/webhook/..%00/admin",
    "/webhook/%c0%ae%c0%ae/admin",
    "/webhook/%ef%bc%8e%ef%bc%8e/admin",
    "/webhook/%ef%bc%8fadmin",
    "/webhook//admin",
    "//webhook/a",
    "/webhook/%",
    "/webhook/%zz",
    "/webhook/a?b",
    "/webhook/a#b",
    "/webhook/\u0000",
    "/webhook/\u00e4",
    "http://wiki.local/webhook/a",
  ])("%j", (path) => {
    expect(isOpenPath(path, open)).toBe(false);
  });
});

test("whatever is open stays below its pattern for readers who decode, decode twice, or fold slashes", () => {
  const piece = fc.constantFrom(
    "a",
    ".",
    "..",
    "/",
    "%2e",
    "%2F",
    "%5c",
    "\\",
    "%25",
    ";",
    "%00",
    "~",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = `/webhook/${pieces.join("")}`;
      if (!isOpenPath(path, open)) return;
      const once = decodeURIComponent(path).replaceAll("\\", "/");
      for (const reading of [path, once, decodeURIComponent(once)]) {
        expect(new URL(reading, "http://x").pathname.startsWith("/webhook/")).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["/*", /write access: open/],
  ["", /write access: open/],
  ["webhook/*", /plain path/],
  ["/a/*/b", /plain path/],
  ["/a*", /plain path/],
  ["/a/../b", /plain path/],
  ["/a?x", /plain path/],
])("%j is no pattern", (text, why) => {
  expect(() => parseOpenPath(text)).toThrow(why);
});
