import { expect, test } from "vitest";
import { formatFingerprint, isSameFingerprint, parseFingerprint } from "./fingerprint.ts";

const PAIRS = Array.from({ length: 32 }, (_, i) => (i + 160).toString(16));

test.each([
  ["with colons", PAIRS.join(":")],
  ["bare", PAIRS.join("")],
  ["in capitals", PAIRS.join(":").toUpperCase()],
  ["with white space around", ` ${PAIRS.join("")}\n`],
])("a whole fingerprint is understood %s", (_, text) => {
  expect(formatFingerprint(parseFingerprint(text))).toBe(PAIRS.join(":").toUpperCase());
});

test.each([
  ["the first bytes only", PAIRS.slice(0, 8).join(":"), "16 hex digits instead of 64"],
  ["one byte too few", PAIRS.slice(1).join(""), "62 hex digits instead of 64"],
  ["one byte too many", `${PAIRS.join("")}00`, "66 hex digits instead of 64"],
  ["half a byte", PAIRS.join("").slice(1), "63 hex digits instead of 64"],
  ["SHA-1", PAIRS.slice(0, 20).join(":"), "SHA-1"],
  ["other letters", PAIRS.join("").replace("a", "g"), "only hex digits"],
  ["a colon in the wrong place", `${PAIRS.join("")}:`, "only hex digits"],
  ["the four words", "door house lamp tea", "only hex digits"],
])("%s is refused loudly", (_, text, why) => {
  expect(() => parseFingerprint(text)).toThrow(
    expect.objectContaining({
      code: "TRUST_FINGERPRINT_INVALID",
      exit: 2,
      message: expect.stringContaining(why) as string,
    }),
  );
});

test("two fingerprints are the same when all of their bytes are", () => {
  const a = parseFingerprint(PAIRS.join(""));
  expect(isSameFingerprint(a, parseFingerprint(PAIRS.join(":")))).toBe(true);
  expect(isSameFingerprint(a, parseFingerprint(`${PAIRS.slice(0, 31).join("")}00`))).toBe(false);
  expect(isSameFingerprint(a, a.slice(0, 8))).toBe(false);
  expect(isSameFingerprint(new Uint8Array(), new Uint8Array())).toBe(false);
});
