import { expect, test } from "vitest";
import { languageFor } from "./language.ts";

test.each([
  [undefined, "en"],
  ["", "en"],
  ["ja", "ja"],
  ["ja-JP,ja;q=0.9,en;q=0.8", "ja"],
  ["en-US,ja;q=0.5", "en"],
  ["en;q=0.2, ja;q=0.8", "ja"],
  ["de, ja;q=0.5, en;q=0.4", "ja"],
  ["ja;q=0, *", "en"],
  ["de-CH", "en"],
  ["jam", "en"],
  ["ja;q=nonsense", "ja"],
  [";;,,=,q", "en"],
])("a browser that asks for %j reads %s", (accepted, language) => {
  expect(languageFor(undefined, accepted)).toBe(language);
});

test("what was chosen on the page counts more than what the browser asks for", () => {
  expect(languageFor("en", "ja")).toBe("en");
  expect(languageFor("xx", "ja")).toBe("ja");
});
