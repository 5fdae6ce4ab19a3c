import fc from "fast-check";
import { expect, test } from "vitest";
import { GenkanError } from "../kernel/errors.ts";
import {
  canonicalAddress,
  isIpAddress,
  parseAddress,
  parseAppName,
  parseAuthority,
  parseHostname,
} from "./hostname.ts";

const label63 = "a".repeat(63);
const name253 = [label63, label63, label63, "a".repeat(61)].join(".");

/** What a refusal says and what it proposes. */
function refusalOf(task: () => unknown): { message: string; fix: string; code: string } {
  try {
    task();
  } catch (thrown) {
    if (thrown instanceof GenkanError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}

/** What parseHostname reads, or undefined where it refuses. */
function hostnameIn(text: string): string | undefined {
  try {
    return parseHostname(text);
  } catch (thrown) {
    if (thrown instanceof GenkanError) return undefined;
    throw thrown;
  }
}

test.each([
  ["wiki.local", "wiki.local"],
  ["WIKI.Home.Arpa", "wiki.home.arpa"],
  ["wiki.local.", "wiki.local"],
  ["  wiki.local\n", "wiki.local"],
  ["wiki", "wiki"],
  ["a-b.c--d.local", "a-b.c--d.local"],
  ["xn--bcher-kva.local", "xn--bcher-kva.local"],
  ["1und1.lan", "1und1.lan"],
  ["4.wiki.local", "4.wiki.local"],
  [`${label63}.local`, `${label63}.local`],
  [name253, name253],
  [`${name253}.`, name253],
])("the host name %j is read as %s", (text, host) => {
  expect(parseHostname(text)).toBe(host);
});

test.each([
  ["", "it is empty"],
  [".", "it is empty"],
  ["192.168.1.10", "it is an address"],
  ["::1", "it is an address"],
  ["*.local", "no wildcards"],
  [`a.${name253}`, "more than 253 characters"],
  [`${label63}a.local`, "1 to 63 letters"],
  ["wiki..local", "empty label"],
  [".local", "empty label"],
  ["wiki.local..", "empty label"],
  ["-wiki.local", "inner hyphens"],
  ["wiki-.local", "inner hyphens"],
  ["wiki.local:443", "inner hyphens"],
  ["wiki/local", "inner hyphens"],
  ["ada@wiki.local", "inner hyphens"],
  ["wiki\u0000.local", "plain ASCII"],
  ["127.1", "take it for an address"],
  ["0x7f.1", "take it for an address"],
  ["wiki.0x7f", "take it for an address"],
  ["2130706433", "take it for an address"],
  ["1.2.3.256", "take it for an address"],
])("the host name %j is refused: %s", (text, why) => {
  expect(refusalOf(() => parseHostname(text))).toMatchObject({
    code: "HOST_INVALID",
    message: expect.stringContaining(why) as string,
  });
});

test.each([
  ["bücher.local", "xn--bcher-kva.local"],
  ["BÜCHER.local", "xn--bcher-kva.local"],
  ["my_wiki.local", "my-wiki.local"],
  ["my wiki.local", "my-wiki.local"],
  ["my_bücher.local", "xn--my-bcher-95a.local"],
])("for %s the spelling %s is proposed", (text, instead) => {
  expect(refusalOf(() => parseHostname(text)).fix).toBe(`Write ${instead}.`);
});

test.each([
  "bücher.local/x",
  "ü@evil.example",
  "１２７.0.0.1",
  "ü:80",
  "a b@c",
  "_",
  "ü..local",
  "\u202e.local",
])("nothing that is no host name itself is proposed for %j", (text) => {
  expect(refusalOf(() => parseHostname(text)).fix).toMatch(/^Write labels/);
});

test.each([
  ["wiki", "wiki"],
  [" WIKI. ", "wiki"],
  ["open-hands2", "open-hands2"],
  [label63, label63],
])("the app name %j is read as %s", (text, name) => {
  expect(parseAppName(text)).toBe(name);
});

test.each([
  ["", "it is empty", "wiki"],
  ["notes.local", "it has a dot", "notes"],
  ["genkan.local", "it has a dot", "wiki"],
  [".x", "it has a dot", "wiki"],
  ["3000", "a number only", "app-3000"],
  ["my_wiki", "inner hyphens", "my-wiki"],
  ["-wiki", "inner hyphens", "wiki"],
  [`${label63}a`, "inner hyphens", "wiki"],
  ["bücher", "plain ASCII", "xn--bcher-kva"],
  ["genkan", "the door's own name", "wiki"],
  ["Localhost", "always means the machine itself", "wiki"],
])("the app name %j is refused: %s; %s is proposed", (text, why, instead) => {
  const refusal = refusalOf(() => parseAppName(text));
  expect(refusal.code).toBe("NAME_INVALID");
  expect(refusal.message).toContain(why);
  expect(refusal.fix).toContain(`such as ${instead}.`);
});

test.each([
  ["192.168.1.10", "192.168.1.10"],
  [" ::1 ", "::1"],
  ["[::1]", "::1"],
  ["FD00:0:0:0::10", "fd00::10"],
  ["::ffff:10.0.0.1", "::ffff:a00:1"],
])("the address %j is read as %s", (text, address) => {
  expect(parseAddress(text)).toBe(address);
});

test.each(["", "nas", "1.2.3", "01.2.3.4", "1.2.3.4.", "::1]:80/[", "fe80::1%eth0", "1:2", "[]"])(
  "%j is no address",
  (text) => {
    expect(refusalOf(() => parseAddress(text)).code).toBe("ADDRESS_INVALID");
    expect(isIpAddress(text)).toBe(false);
  },
);

test("every address has one spelling", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      const one = canonicalAddress(address);
      expect(isIpAddress(one)).toBe(true);
      expect(canonicalAddress(one)).toBe(one);
    }),
  );
});

test.each([
  ["wiki.local", { host: "wiki.local", port: undefined }],
  ["WIKI.local.:8443", { host: "wiki.local", port: 8443 }],
  ["192.168.1.10:443", { host: "192.168.1.10", port: 443 }],
  ["[::1]", { host: "::1", port: undefined }],
  ["[0:0::1]:65535", { host: "::1", port: 65535 }],
  ["[::ffff:10.0.0.1]", { host: "::ffff:a00:1", port: undefined }],
])("the authority %j is read", (text, authority) => {
  expect(parseAuthority(text)).toEqual(authority);
});

test.each([
  "",
  ".",
  ":443",
  "wiki.local:",
  "wiki.local:65536",
  "wiki.local:123456",
  "wiki.local:-1",
  "wiki.local:443:443",
  " wiki.local",
  "wiki.local ",
  "wiki local",
  "wiki.local\r\nX: y",
  "wiki.local\u0000",
  "wi\u212Ai.local", // the Kelvin sign, which is a k in lower case
  "ada@wiki.local",
  "wiki.local/path",
  "wiki.local?x",
  "wiki_.local",
  "::1",
  "[::1",
  "[10.0.0.1]",
  "[::1.]",
  "[fe80::1%25eth0]",
  "[::1]x",
  "127.1",
  "0x7f.1",
  "010.0.0.1",
  `a.${name253}`,
])("the authority %j says nothing usable", (text) => {
  expect(parseAuthority(text)).toBeUndefined();
});

const authorityLike = fc.string({
  unit: fc.constantFrom(..."aZ09-.:[]@/ %_\t\0x\u00e9\u212a".split("")),
  maxLength: 24,
});

test("an authority never has spaces, control characters or a user name, and reads as itself again", () => {
  fc.assert(
    fc.property(fc.oneof(authorityLike, fc.string(), fc.webAuthority()), (text) => {
      const read = parseAuthority(text);
      if (read === undefined) return;
      expect(text).toMatch(/^[A-Za-z0-9.:[\]-]+$/);
      expect(read.host).toBe(read.host.toLowerCase());
      const host = read.host.includes(":") ? `[${read.host}]` : read.host;
      const again = read.port === undefined ? host : `${host}:${read.port}`;
      expect(parseAuthority(again)).toEqual(read);
    }),
    { numRuns: 2000 },
  );
});

test("a host name that is read once reads as itself, and as an authority", () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), authorityLike), (text) => {
      const host = hostnameIn(text);
      fc.pre(host !== undefined);
      expect(parseHostname(host)).toBe(host);
      expect(parseAuthority(host)).toEqual({ host, port: undefined });
    }),
  );
});

test("a name for an app that is read once reads as itself, and is a host name's label", () => {
  const nameLike = fc.string({
    unit: fc.constantFrom(..."aZ09-_. \u00e9".split("")),
    maxLength: 70,
  });
  fc.assert(
    fc.property(nameLike, (text) => {
      const name = appNameIn(text);
      fc.pre(name !== undefined);
      expect(parseAppName(name)).toBe(name);
      expect(parseHostname(`${name}.local`)).toBe(`${name}.local`);
    }),
  );
});

function appNameIn(text: string): string | undefined {
  try {
    return parseAppName(text);
  } catch (thrown) {
    if (thrown instanceof GenkanError) return undefined;
    throw thrown;
  }
}
