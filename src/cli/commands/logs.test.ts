import { expect, test } from "vitest";
import { entryText } from "./logs.ts";

const at = "2026-11-24T10:00:00.000Z";

test("an entry is shown as its time, level, event and fields", () => {
  const line = JSON.stringify({ at, level: "info", event: "leaf.issued", name: "a b" });
  expect(entryText(line)).toBe(`${at} info  leaf.issued name="a b"`);
});

// JSON escapes the older control characters, and lets these through: U+009B begins an escape sequence, too.
test.each([
  ["an 8-bit escape sequence", "x\u009b31my"],
  ["a mark that turns the reading direction", "x\u202ey"],
])("%s in somebody else's words does not reach the terminal", (_, why) => {
  const shown = entryText(JSON.stringify({ at, level: "warn", event: "exchange.failed", why }));
  expect(shown).toMatch(/^[\u0020-\u007e]*$/);
});

test("a line that is no entry brings no escape sequence along", () => {
  expect(entryText("half an \u001b[31mentry")).toBe("half an [31mentry");
});
