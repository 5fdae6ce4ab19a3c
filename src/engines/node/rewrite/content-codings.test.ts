import { gzipSync } from "node:zlib";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { unpackerOf } from "./content-codings.ts";

const TEXT = '{"url":"http://localhost:41234/"}';
/** TEXT by zstd; not every Node that runs this can pack so. */
const ZSTD = Buffer.from("KLUv/SAhCQEAeyJ1cmwiOiJodHRwOi8vbG9jYWxob3N0OjQxMjM0LyJ9", "base64");
const hasZstd = typeof Reflect.get(zlib, "zstdDecompress") === "function";

async function unpacked(codings: readonly string[], packed: Buffer, limit = 1000): Promise<string> {
  const unpack = unpackerOf(codings);
  return typeof unpack === "string" ? unpack : String(await unpack(packed, limit));
}

describe("zstd", () => {
  test.runIf(hasZstd)("is unpacked, and no further than the limit", async () => {
    expect(await unpacked(["zstd"], ZSTD)).toBe(TEXT);
    await expect(unpacked(["zstd"], ZSTD, TEXT.length - 1)).rejects.toThrow("larger");
  });

  test.runIf(hasZstd)("asks for no more memory than browsers give", async () => {
    // RFC 8878 section 3.1.1.1: a frame whose window is 128 MiB.
    const greedy = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0x00, 0x00, 0x61]);
    await expect(unpacked(["zstd"], greedy)).rejects.toThrow("memory");
  });

  test.skipIf(hasZstd)("is told of where this Node has none", async () => {
    expect(await unpacked(["zstd"], ZSTD)).toBe('nobody here can unpack "zstd"');
  });
});

test("what is unpacked in between is held to the limit, too", async () => {
  const zeros = gzipSync(Buffer.alloc(10_000), { level: 0 });
  await expect(unpacked(["gzip", "gzip"], gzipSync(zeros))).rejects.toThrow("larger than 1000");
});

test("a coding nobody knows is named, and no longer than a line of the log likes", async () => {
  const name = `x${"y".repeat(1000)}\n`;
  expect(await unpacked([name], ZSTD)).toBe(`nobody here can unpack "x${"y".repeat(19)}"`);
  expect(
    await unpacked(
      Array.from({ length: 5 }, () => "gzip"),
      ZSTD,
    ),
  ).toBe("it is packed 5 times");
});
