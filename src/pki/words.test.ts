import { scryptSync } from "node:crypto";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { expect, test } from "vitest";
import { fourWords } from "./words.ts";

const fingerprint = Array.from({ length: 32 }, (_, i) =>
  i.toString(16).toUpperCase().padStart(2, "0"),
).join(":");

test("the four words of a fingerprint never change: people wrote them down", async () => {
  expect(await fourWords(fingerprint)).toMatchInlineSnapshot(`"oyster pulp offer valve"`);
});

test("they are the first 44 bits of scrypt over the digest, eleven a word", async () => {
  const digest = Buffer.from(fingerprint.replaceAll(":", ""), "hex");
  const key = scryptSync(digest, "genkan four words 1", 6, {
    N: 32768,
    r: 8,
    p: 1,
    maxmem: 2 ** 26,
  });
  const bits = [...key].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const words = [0, 11, 22, 33].map(
    (from) => wordlist[Number.parseInt(bits.slice(from, from + 11), 2)],
  );
  expect(await fourWords(fingerprint)).toBe(words.join(" "));
});

test("another fingerprint has other words", async () => {
  const other = fingerprint.replace(/^00/, "01");
  expect(await fourWords(other)).not.toBe(await fourWords(fingerprint));
});
