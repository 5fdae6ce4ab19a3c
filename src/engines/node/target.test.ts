import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTarget } from "./target.ts";

describe("a request target", () => {
  test.each([
    ["/", undefined, "/"],
    ["*", undefined, "*"],
    ["/a?b", undefined, "/a?b"],
    ["//a/b", undefined, "//a/b"],
    ["http://wiki.local", "wiki.local", "/"],
    ["HTTPS://wiki.local:1?a", "wiki.local:1", "/?a"],
    ["https://wiki.local/a?b=/c", "wiki.local", "/a?b=/c"],
  ])("%s is taken apart", (target, authority, path) => {
    expect(readTarget(target)).toEqual({ authority, path });
  });

  test.each([
    "",
    "a",
    "*a",
    "/ ",
    "/\u007f",
    "/\u00e4",
    "/#",
    "http://",
    "http:/a",
    "ftp://a/",
    "wiki.local:443",
  ])("%j is none", (target) => {
    expect(readTarget(target)).toBeUndefined();
  });

  test("never gives a path that could end a line or begin another", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const path = readTarget(`/${text}`)?.path ?? "/";
        expect(path).toMatch(/^\/[!-~]*$/);
      }),
    );
  });

  const sign = fc.constantFrom(..."/.%2fF\\?;=&@:[]~!$'()*+,a\"<>^`{|}".split(""));

  test("is never made nicer: the app gets the path letter by letter", () => {
    fc.assert(
      fc.property(fc.string({ unit: sign }), (text) => {
        expect(readTarget(`/${text}`)).toEqual({ authority: undefined, path: `/${text}` });
      }),
    );
  });

  test("of the absolute form gives back authority and path as they were put together", () => {
    const authority = fc.string({ unit: fc.constantFrom(..."a.:@[]-%".split("")), minLength: 1 });
    fc.assert(
      fc.property(
        fc.constantFrom("http", "HTTPS"),
        authority,
        fc.string({ unit: sign }),
        (...parts) => {
          const [scheme, host, rest] = parts;
          const read = { authority: host, path: `/${rest}` };
          expect(readTarget(`${scheme}://${host}/${rest}`)).toEqual(read);
          expect(readTarget(`${scheme}://${host}?${rest}`)?.path).toBe(`/?${rest}`);
        },
      ),
    );
  });
});
