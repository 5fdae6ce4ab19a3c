import fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean, suggest } from "./suggest.ts";

const keys = ["target", "hosts", "insecure", "access"];

test.each([
  ["tarjet", "target"], // another letter
  ["targt", "target"], // one missing
  ["targget", "target"], // one too many
  ["traget", "target"], // two swapped
  ["Hosts", "hosts"], // only the case differs
  ["host", "hosts"],
  ["acess", "access"],
])("%s is near to %s", (word, near) => {
  expect(suggest(word, keys)).toBe(near);
});

test.each(["", "x", "upstream", "t", "a".repeat(5000)])("nothing is near to %j", (word) => {
  expect(suggest(word, keys)).toBeUndefined();
});

test("the nearest wins, and the first of two that are as near", () => {
  expect(suggest("wiki2", ["wiki", "wiki3", "wiki2x"])).toBe("wiki");
  expect(suggest("wiky", ["wikyx", "wiki"])).toBe("wikyx");
});

test("one mistake is forgiven in a short word, and one for every three letters in a long one", () => {
  expect(suggest("ap", ["app"])).toBe("app");
  expect(suggest("ap", ["apple"])).toBeUndefined();
  expect(suggest("opnhnds", ["openhands"])).toBe("openhands");
  expect(suggest("opnhs", ["openhands"])).toBeUndefined();
});

test("a known word with any one letter taken out is found again", () => {
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.nat(), (key, n) => {
      const at = n % key.length;
      expect(suggest(key.slice(0, at) + key.slice(at + 1), keys)).toBe(key);
    }),
  );
});

test("half a sentence, or nothing", () => {
  expect(didYouMean("tarjet", keys)).toBe(" Did you mean target?");
  expect(didYouMean("colour", keys)).toBe("");
});
