import { expect, test } from "vitest";
import { quoted } from "./quoted.ts";

test.each([
  ["nas:8080", '"nas:8080"'],
  ['say "hi"', String.raw`"say \"hi\""`],
  ["two\nlines\u0000", String.raw`"two\nlines\u0000"`],
  ["x".repeat(100), `"${"x".repeat(77)}..."`],
])("%j is shown as %s", (text, shown) => {
  expect(quoted(text)).toBe(shown);
});

test.each(["https://ada:secret@nas:8443", "ada:secret@nas", "ftp://:secret@nas"])(
  "the password in %s is not repeated",
  (text) => {
    expect(quoted(text)).not.toContain("secret");
    expect(quoted(text)).toContain("***@nas");
  },
);

test("escape sequences and marks that turn the reading direction never reach a terminal", () => {
  expect(quoted("a\u001b[31mb\u202ec\u009bd")).toBe(String.raw`"a\u001b[31mb c d"`);
});
