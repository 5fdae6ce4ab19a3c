import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addressBytes,
  domainFor,
  HOME_SCOPE,
  isInScope,
  parseDomain,
  rangeHolds,
} from "./scope.ts";

test.each([
  "wiki.local",
  "local",
  "a.b.local",
  "wiki.home.arpa",
  "box.lan",
  "wiki.localhost",
  "10.0.0.0",
  "10.255.255.255",
  "172.16.0.0",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.1.1",
  "100.64.0.0",
  "100.127.255.255",
  "127.0.0.1",
  "fc00::",
  "fdff:ffff::1",
  "fe80::1",
  "febf::1",
  "::1",
])("%s is a name or an address of a home", (host) => {
  expect(isInScope(HOME_SCOPE, host)).toBe(true);
});

test.each([
  "example.com",
  "evilhome.arpa",
  "xlocal",
  "local.example.com",
  "arpa",
  "9.255.255.255",
  "11.0.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.169.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "128.0.0.1",
  "8.8.8.8",
  "fbff::1",
  "fe00::1",
  "fec0::1",
  "2001:db8::1",
  "::2",
  "::",
])("%s is none", (host) => {
  expect(isInScope(HOME_SCOPE, host)).toBe(false);
});

test.each(["::ffff:10.0.0.1", "::ffff:a00:1", "::ffff:8.8.8.8", "::10.0.0.1", "64:ff9b::10.0.0.1"])(
  "the IPv4 address inside %s does not slip through as its IPv6 form",
  (address) => {
    expect(isInScope(HOME_SCOPE, address)).toBe(false);
  },
);

test("no scope is a scope without limits", () => {
  expect(isInScope(undefined, "example.com")).toBe(true);
});

test("a further domain allows itself and what is below it, nothing that only ends alike", () => {
  const scope = { dns: ["yourdomain.example"], ip: [] };
  expect(isInScope(scope, "yourdomain.example")).toBe(true);
  expect(isInScope(scope, "wiki.yourdomain.example")).toBe(true);
  expect(isInScope(scope, "notyourdomain.example")).toBe(false);
  expect(isInScope(scope, "10.0.0.1")).toBe(false);
});

test.each([
  ["10.0.0.1", [10, 0, 0, 1]],
  ["::1", [...Array<number>(15).fill(0), 1]],
  ["::", Array<number>(16).fill(0)],
  ["1::", [0, 1, ...Array<number>(14).fill(0)]],
  ["1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
  ["fe80::a:b00c", [0xfe, 0x80, ...Array<number>(11).fill(0), 0x0a, 0xb0, 0x0c]],
  ["::ffff:10.0.0.1", [...Array<number>(10).fill(0), 255, 255, 10, 0, 0, 1]],
])("the bytes of %s", (address, bytes) => {
  expect([...addressBytes(address)]).toEqual(bytes);
});

test.each([
  ["0.0.0.0/0", "255.255.255.255", true],
  ["10.1.2.3/32", "10.1.2.3", true],
  ["10.1.2.3/32", "10.1.2.2", false],
  ["10.0.0.0/9", "10.127.255.255", true],
  ["10.0.0.0/9", "10.128.0.0", false],
  ["10.0.0.0/8", "::a00:1", false],
  ["::/0", "10.0.0.1", false],
  ["fe80::/10", "fe80::1", true],
])("the range %s holds %s: %s", (range, address, holds) => {
  expect(rangeHolds(range, address)).toBe(holds);
});

test("a range of any length holds exactly what begins with the same bits", () => {
  const bits = (address: string): string =>
    [...addressBytes(address)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const pairs = fc.oneof(fc.tuple(fc.ipV4(), fc.ipV4()), fc.tuple(fc.ipV6(), fc.ipV6()));
  fc.assert(
    fc.property(pairs, fc.nat(128), ([base, address], n) => {
      const length = Math.min(n, bits(base).length);
      const same = bits(base).slice(0, length) === bits(address).slice(0, length);
      expect(rangeHolds(`${base}/${length}`, address)).toBe(same);
      expect(rangeHolds(`${base}/${length}`, base)).toBe(true);
    }),
  );
});

test.each(["yourdomain.example", "Ada.co.uk", "home.arpa", "local", "box.lan", "me.duckdns.org"])(
  "an authority may be made for %s",
  (domain) => {
    expect(parseDomain(domain)).toBe(domain.toLowerCase());
  },
);

test.each(["com", "arpa", "co.uk", "com.au", "or.jp", "ac.at"])(
  "no authority is made for %s, where strangers live",
  (domain) => {
    expect(() => parseDomain(domain)).toThrow(/could pose as the sites of strangers/);
  },
);

test.each([
  ["wiki.yourdomain.example", "yourdomain.example"],
  ["a.b.yourdomain.example", "b.yourdomain.example"],
  ["yourdomain.example", "yourdomain.example"],
  ["ada.co.uk", "ada.co.uk"],
  ["wiki", "wiki"],
])("for %s the domain to name is %s", (host, domain) => {
  expect(domainFor(host)).toBe(domain);
});
