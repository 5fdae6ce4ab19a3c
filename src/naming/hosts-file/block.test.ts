import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Block, blockIdOf, putBlock, takeBlock } from "./block.ts";

const block: Block = {
  id: "0123abcd",
  home: "/home/ada/genkan",
  lines: ["192.168.1.10 wiki.home.arpa", "fd00::10 wiki.home.arpa"],
};
const other: Block = { id: "ffffffff", home: "/srv/genkan", lines: ["10.0.0.1 nas.home.arpa"] };

const put = (text: string, what = block): string => textOf(putBlock(text, what));
const take = (text: string, id = block.id): string => textOf(takeBlock(text, id));
function textOf(edited: ReturnType<typeof putBlock>): string {
  if (edited.is === "text") return edited.text;
  throw new Error(`damaged: line ${edited.damage.line} ${edited.damage.why}`);
}

test("the block comes after what is there, between its marks", () => {
  expect(put("127.0.0.1 localhost\n")).toBe(
    [
      "127.0.0.1 localhost",
      '# genkan: begin 0123abcd (/home/ada/genkan) - kept by "genkan hosts --write", taken away by "genkan hosts --remove"',
      "192.168.1.10 wiki.home.arpa",
      "fd00::10 wiki.home.arpa",
      "# genkan: end 0123abcd",
      "",
    ].join("\n"),
  );
});

test("a file that begins with CRLF is continued with CRLF", () => {
  const text = put("# Copyright (c) Microsoft\r\n127.0.0.1 localhost\r\n");
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
});

test("written again, the block is replaced where it stands", () => {
  const text = `${put("127.0.0.1 localhost\n")}10.0.0.9 printer\n`;
  const moved = put(text, { ...block, lines: ["192.168.1.11 wiki.home.arpa"] });
  expect(moved).toBe(text.replace(block.lines.join("\n"), "192.168.1.11 wiki.home.arpa"));
  expect(put(text)).toBe(text);
});

test("a home's name cannot end the comment it stands in", () => {
  const text = put("", { ...block, home: "/tmp/x\n6.6.6.6 bank.example\u0085\u2028y" });
  expect(text).not.toMatch(/^6/m);
  expect(take(text)).toBe("");
});

test("two homes have two ids, and each keeps the other's block", () => {
  expect(blockIdOf("/a")).toMatch(/^[0-9a-f]{8}$/);
  expect(blockIdOf("/a")).not.toBe(blockIdOf("/b"));
  const both = put(put("127.0.0.1 localhost"), other);
  expect(take(take(both), other.id)).toContain("127.0.0.1 localhost");
  expect(take(both)).toContain("10.0.0.1 nas.home.arpa");
  expect(take(both)).not.toContain("wiki");
  expect(put(both)).toBe(both);
});

describe("a damaged block is left as it is, and the line is named", () => {
  const [begin, ...rest] = put("").split("\n");
  test.each([
    ["no end", [begin, "1.2.3.4 x", "10.0.0.9 printer", ""], 1, /nothing ends it/],
    ["no begin", ["10.0.0.9 printer", ...rest], 4, /nothing began it/],
    ["a second begin inside", [begin, begin, ...rest], 2, /a second time/],
    ["a second block", [begin, ...rest.slice(0, -1), begin, ...rest], 5, /a second time/],
    [
      "another door's mark inside",
      [begin, put("", other).split("\n")[0], ...rest],
      2,
      /another door/,
    ],
  ])("%s", (...[, lines, line, why]) => {
    const text = lines.join("\n");
    for (const edited of [putBlock(text, block), takeBlock(text, block.id)]) {
      expect(edited).toEqual({
        is: "damaged",
        damage: { line, why: expect.stringMatching(why) as string },
      });
    }
  });
});

const bytes = fc
  .array(fc.constantFrom("127.0.0.1 a", "\n", "\r\n", "# genkan", "\u00e4", " ", "\r", "x", "\n\n"))
  .map((parts) => parts.join(""));

test("whatever the file held, put and take away again leave every byte as it was", () => {
  fc.assert(
    fc.property(bytes, (text) => {
      const written = put(text);
      expect(written.startsWith(text)).toBe(true);
      expect(put(written)).toBe(written);
      expect(take(written)).toBe(text);
      expect(take(text)).toBe(text);
    }),
  );
});

test("whatever comes after the block later stays, too", () => {
  fc.assert(
    fc.property(bytes, bytes, (before, after) => {
      const text = put(before.endsWith("\n") || before === "" ? before : `${before}\n`);
      const taken = take(text + after);
      expect(taken.endsWith(after)).toBe(true);
      expect(taken.startsWith(before)).toBe(true);
    }),
  );
});
