import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOwnToken, setsOwnCookie, withoutOwnCookies } from "./own-fields.ts";

describe("what an app sees of a visitor's cookies", () => {
  test.each([
    [`a=1; __Host-genkan=secret; b=2`, "a=1; b=2"],
    [`__Host-genkan=secret; b=2`, "b=2"],
    [`a=1; __Host-genkan-nonce=secret`, "a=1"],
    [`__Host-genkan=secret;__Host-genkan-nonce=x`, undefined],
    [`__host-GENKAN=secret; b`, "b"],
    ["__Host-genkan", undefined],
    ["a=1;  b=2;c", "a=1;  b=2;c"],
    [`a=__Host-genkan=x`, `a=__Host-genkan=x`],
  ])("%s", (sent, seen) => {
    expect(withoutOwnCookies(sent)).toBe(seen);
  });

  test("is everything but ours, wherever ours stands", () => {
    const pair = fc.constantFrom(
      "a=1",
      "b",
      "c=d=e",
      `__Host-genkan=secret`,
      `__Host-genkan-nonce=n`,
    );
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
        const kept = pairs.filter((one) => !one.startsWith("__Host-genkan"));
        expect(withoutOwnCookies(pairs.join("; "))).toBe(
          kept.length > 0 ? kept.join("; ") : undefined,
        );
      }),
    );
  });
});

test.each([
  "__Host-genkan=x; Path=/; Secure",
  "__host-Genkan-Nonce=x",
  " __Host-genkan = x",
  "=__Host-genkan=x",
  "= =__Host-genkan=x; Path=/",
  "__Host-genkan",
])("an app that says Set-Cookie: %s would set the door's cookie", (field) => {
  expect(setsOwnCookie(field)).toBe(true);
});

test.each(["a=1; Path=/", "a=__Host-genkan=x", "a=1; x=__Host-genkan", "__Host-genkans=1", ""])(
  "Set-Cookie: %s is the app's own affair",
  (field) => {
    expect(setsOwnCookie(field)).toBe(false);
  },
);

test.each(["Bearer genkan_abc", "bearer   genkan_", " BEARER\tgenkan_x"])(
  "%j holds a token of the door's",
  (value) => {
    expect(isOwnToken(value)).toBe(true);
  },
);

test.each(["Bearer abc", "Basic genkan_abc", "genkan_abc", "Bearer xgenkan_abc", ""])(
  "%j is for the app",
  (value) => {
    expect(isOwnToken(value)).toBe(false);
  },
);
