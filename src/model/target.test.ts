import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTarget, parseTarget, shortTarget, type Upstream } from "./target.ts";

test.each([
  ["3000", "http://localhost:3000"],
  [" 3000 ", "http://localhost:3000"],
  ["nas:8080", "http://nas:8080"],
  ["NAS.lan.:8080", "http://nas.lan:8080"],
  ["192.168.1.5:80", "http://192.168.1.5:80"],
  ["http://nas", "http://nas:80"],
  ["HTTPS://nas", "https://nas:443"],
  ["https://nas:8443/", "https://nas:8443"],
  ["[::1]:3000", "http://[::1]:3000"],
  ["http://[0:0::1]", "http://[::1]:80"],
  ["https://[fd00::10]:8443", "https://[fd00::10]:8443"],
])("the target %j is %s", (text, target) => {
  expect(formatTarget(parseTarget(text))).toBe(target);
});

test.each([
  ["", "the host is missing"],
  [":3000", "the host is missing"],
  ["http://", "the host is missing"],
  ["0", "from 1 to 65535"],
  ["-5", "from 1 to 65535"],
  ["70000", "from 1 to 65535"],
  ["3000.5", "from 1 to 65535"],
  ["nas:0", "from 1 to 65535"],
  ["nas:70000", "from 1 to 65535"],
  ["nas:http", "from 1 to 65535"],
  ["nas:", "from 1 to 65535"],
  ["nas", "the port is missing"],
  ["[::1]", "the port is missing"],
  ["ftp://nas", "not ftp://"],
  ["unix:///run/app.sock", "not unix://"],
  ["http://nas/path", "has no path"],
  ["nas:8080/", "has no path"],
  ["http://nas:8080?x", "has no path"],
  ["http://nas#x", "has no path"],
  ["http:\\\\nas", "has no path"],
  ["http://ada@nas", "no user name or password"],
  ["::1", "in brackets: [::1]:3000"],
  ["::1:3000", "in brackets: [::1]:3000"],
  ["[nas]:3000", "no IPv6 address"],
  ["[127.0.0.1]:3000", "no IPv6 address"],
  ["[::1:3000", "no IPv6 address"],
  ["[::1]3000", "no IPv6 address"],
  ["[fe80::1%eth0]:80", "no IPv6 address"],
])("the target %j is refused: %s", (text, why) => {
  expect(() => parseTarget(text)).toThrow(why);
});

test.each(["my_app:3000", "http://3000", "127.1:80", "nas lan:80", "bücher:80", "*:80"])(
  "the target %j is refused for its host name",
  (text) => {
    expect(() => parseTarget(text)).toThrow(/is no host name/);
  },
);

test("a password in a target is not repeated", () => {
  expect(() => parseTarget("https://ada:secret@nas")).toThrow(/^"https:\/\/\*\*\*@nas"/);
});

test("insecure is for https targets only", () => {
  expect(parseTarget("https://nas", true).insecure).toBe(true);
  expect(() => parseTarget("http://nas", true)).toThrow(/https:\/\/ targets only/);
  expect(() => parseTarget("3000", true)).toThrow(/https:\/\/ targets only/);
});

test.each([
  ["http://localhost:3000", "3000"],
  ["http://127.0.0.1:3000", "127.0.0.1:3000"],
  ["nas", "nas:80", "http://nas"],
  ["http://[::1]:3000", "[::1]:3000"],
  ["https://localhost:8443", "https://localhost:8443"],
])("the shortest text for %s is %s", (text, short, given = text) => {
  expect(shortTarget(parseTarget(given))).toBe(short);
});

const upstreams: fc.Arbitrary<Upstream> = fc
  .record({
    scheme: fc.constantFrom("http" as const, "https" as const),
    host: fc.oneof(
      fc.constantFrom("localhost", "nas", "::1", "fd00::10", "10.0.0.1"),
      fc.domain().map((domain) => domain.toLowerCase()),
    ),
    port: fc.integer({ min: 1, max: 65535 }),
    insecure: fc.boolean(),
  })
  .map((upstream) => ({ ...upstream, insecure: upstream.insecure && upstream.scheme === "https" }));

test("every target reads as itself again, in its long and in its short form", () => {
  fc.assert(
    fc.property(upstreams, (upstream) => {
      expect(parseTarget(formatTarget(upstream), upstream.insecure)).toEqual(upstream);
      expect(parseTarget(shortTarget(upstream), upstream.insecure)).toEqual(upstream);
    }),
  );
});
