import fc from "fast-check";
import { expect, test } from "vitest";
import { isSecretName, redact, redactText } from "./redact.ts";

const NAMES = [
  "session_api_key",
  "X-Session-API-Key",
  "token",
  "tkn",
  "code",
  "key",
  "access_token",
  "apiKey",
  "Authorization",
  "Proxy-Authorization",
  "cookie",
  "Set-Cookie",
  "password",
  "access%5Ftoken",
  "%74oken",
  "access%255Ftoken",
  "session_api_key[]",
];

test.each(NAMES)("%s names a secret", (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each([
  "device",
  "host",
  "app",
  "name",
  "path",
  "why",
  "address",
  "role",
  "times",
  "expires",
  "kind",
])("%s does not", (name) => {
  expect(isSecretName(name)).toBe(false);
});

test.each([
  [
    "/socket?conversation=7&session_api_key=abc&x=1#end",
    "/socket?conversation=7&session_api_key=***&x=1#end",
  ],
  ["https://wiki.local/?tkn=abc", "https://wiki.local/?tkn=***"],
  ["/cb?code=abc;token=def", "/cb?code=***;token=***"],
  ["#access_token=abc&state=1", "#access_token=***&state=1"],
  ["Authorization: Bearer abc.def", "Authorization: ***"],
  ["it sent Bearer abc.def, twice", "it sent Bearer ***, twice"],
  ["Cookie: a=1; b=2", "Cookie: ***"],
  ['{"token":"a\\"b","name":"x"}', '{"token":"***","name":"x"}'],
  ["genkan_abcDEF-1", "***"],
  ["/wiki/Main_Page?action=edit", "/wiki/Main_Page?action=edit"],
])("%s", (text, clean) => {
  expect(redactText(text)).toBe(clean);
});

const secret = fc
  .stringMatching(/^[A-Za-z0-9._~%+-]{16,40}$/)
  .filter((text) => !/^[A-Za-z]+$/.test(text));
const name = fc.constantFrom(...NAMES);
const plain = fc.stringMatching(/^[a-z0-9]{0,8}$/);

test("no secret is left of a query string, wherever in it and however the name is written", () => {
  fc.assert(
    fc.property(name, secret, fc.tuple(plain, plain), (key, value, [before, after]) => {
      const texts = [
        `/p?x=${before}&${key}=${value}&y=${after}`,
        `https://a.local/p?${key}=${value}`,
        `/p#${key}=${value}`,
        `GET /p?${key.toUpperCase()}=${value} HTTP/1.1`,
        `"/p?a=b;${key}=${value}"`,
      ];
      for (const text of texts) expect(redactText(text)).not.toContain(value);
    }),
  );
});

test("no secret is left of fields, however deep", () => {
  fc.assert(
    fc.property(name, secret, (key, value) => {
      const fields = {
        [key]: value,
        deep: [{ [key]: { inner: value } }, `${key}=${value}`],
        headers: { [key]: [value] },
        authorization: `Bearer ${value}`,
        note: `it said Bearer ${value}`,
      };
      expect(JSON.stringify(redact(fields))).not.toContain(value);
    }),
  );
});

test("what is no secret stays, and so does the form", () => {
  const fields = { device: "d1", host: "wiki.local", times: 3, list: [null, true], path: "/a?b=c" };
  expect(redact(fields)).toEqual(fields);
});

test("whatever the text, there is an answer, and it is quick", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect(typeof redactText(text)).toBe("string");
    }),
  );
  for (const noise of ["a=", "a", '"', "bearer ", "%"]) {
    expect(redactText(`${noise.repeat(50_000)}&token=abc`)).not.toContain("token=abc");
  }
});
