import { expect, test } from "vitest";
import { block, comment, directive, entry, live } from "./directives.ts";

test("a value stays one value, whatever is in it", () => {
  expect(directive("ssl_certificate", '/a b/{c};#"d\\e')).toBe(
    'ssl_certificate "/a b/{c};#\\"d\\\\e";',
  );
  expect(directive("x", "")).toBe('x "";');
  expect(directive("x", "plain-1.2/3", 4)).toBe("x plain-1.2/3 4;");
});

test.each(["/home/$user", "a\nb", "a\u0000b"])(
  "a value nginx cannot be given literally is refused: %j",
  (value) => {
    expect(() => directive("root", value)).toThrow(
      expect.objectContaining({ code: "NGINX_VALUE_UNFIT" }),
    );
  },
);

test("only what is marked as live is evaluated", () => {
  expect(directive("return", 308, live("https://$host$request_uri"))).toBe(
    'return 308 "https://$host$request_uri";',
  );
});

test("a name that is a word of maps is still a name", () => {
  expect(entry("default", "a")).toBe("\\default a;");
  expect(entry(live("default"), "a")).toBe("default a;");
});

test("a comment ends where its line ends", () => {
  expect(comment("app\n} evil")).toBe("# app } evil");
});

test("blocks are indented", () => {
  expect(block(["a", "b c"], [block(["d"], [directive("e")])])).toBe(
    'a "b c" {\n  d {\n    e;\n  }\n}',
  );
});
