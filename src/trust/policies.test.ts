import fc from "fast-check";
import { expect, test } from "vitest";
import { installedPaths, withoutPaths, withPath } from "./policies.ts";

const OURS = "/etc/firefox/policies/genkan-root-0123.pem";
const PATH = "/etc/firefox/policies/policies.json";

test("a first policies.json says nothing but our root", () => {
  const text = withPath(undefined, PATH, OURS);
  expect(JSON.parse(text)).toEqual({ policies: { Certificates: { Install: [OURS] } } });
});

test("what others set stays, in order and in their indentation", () => {
  const theirs = `{
\t"policies": {
\t\t"DisableTelemetry": true,
\t\t"Certificates": {"ImportEnterpriseRoots": true, "Install": ["/srv/office.pem"]},
\t\t"Homepage": {"URL": "https://intranet"}
\t},
\t"comment": "kept by the office"
}`;
  const text = withPath(theirs, PATH, OURS);
  expect(JSON.parse(text)).toEqual({
    policies: {
      DisableTelemetry: true,
      Certificates: { ImportEnterpriseRoots: true, Install: ["/srv/office.pem", OURS] },
      Homepage: { URL: "https://intranet" },
    },
    comment: "kept by the office",
  });
  expect(text).toContain('\n\t\t"DisableTelemetry"');
  expect(JSON.parse(withoutPaths(text, PATH, [OURS]) ?? "")).toEqual(JSON.parse(theirs));
});

test("adding what is there changes not a byte", () => {
  const once = withPath(undefined, PATH, OURS);
  expect(withPath(once, PATH, OURS)).toBe(once);
});

test("a file that held our root alone is not needed any more", () => {
  expect(withoutPaths(withPath(undefined, PATH, OURS), PATH, [OURS])).toBeUndefined();
});

test("removing what is not there changes not a byte", () => {
  const theirs = '{"policies":{"Certificates":{"Install":[]}}}';
  expect(withoutPaths(theirs, PATH, [OURS])).toBe(theirs);
});

test.each([
  ["{", "JSON"],
  ["", "JSON"],
  ["// a comment\n{}", "JSON"],
  ["[]", "the file is no object"],
  ["null", "the file is no object"],
  ['{"policies":[]}', '"policies" is no object'],
  ['{"policies":{"Certificates":true}}', '"Certificates" is no object'],
  ['{"policies":{"Certificates":{"Install":"/x.pem"}}}', "no list of files"],
  ['{"policies":{"Certificates":{"Install":[{}]}}}', "no list of files"],
])("%s is refused, not rewritten", (text, why) => {
  const refused = expect.objectContaining({
    code: "TRUST_POLICIES_INVALID",
    message: expect.stringContaining(why) as string,
  });
  expect(() => withPath(text, PATH, OURS)).toThrow(refused);
  expect(() => withoutPaths(text, PATH, [OURS])).toThrow(refused);
  expect(() => installedPaths(text, PATH)).toThrow(refused);
});

test("whatever else a file says, adding and removing gives it back", () => {
  const policies = fc.dictionary(
    fc.string().filter((key) => key !== "Certificates"),
    fc.jsonValue(),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(policies, fc.array(fc.constantFrom("/a.pem", "/b.pem")), (theirs, install) => {
      const certificates = install.length > 0 ? { Certificates: { Install: install } } : {};
      const before = { policies: { ...theirs, ...certificates } };
      const text = JSON.stringify(before, undefined, 2);
      const back = withoutPaths(withPath(text, PATH, OURS), PATH, [OURS]);
      expect(JSON.parse(back ?? "")).toEqual(JSON.parse(text));
    }),
  );
});
