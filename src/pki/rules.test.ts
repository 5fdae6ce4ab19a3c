import { describe, expect, test } from "vitest";
import { HOME_SCOPE } from "../model/scope.ts";
import { checkRequest, requestOf, sameRequest, scopeWith } from "./rules.ts";

const scope = scopeWith(["ada.example"]);

describe("a request for host names", () => {
  test.each([
    "openhands.local",
    "openhands.yourdomain.local",
    "hello.home.arpa",
    "localhost",
    "ada.example",
    "wiki.ada.example",
  ])("may name %s", (name) =>
    expect(checkRequest(scope, { dns: [name] })).toEqual({ dns: [name] }),
  );

  test.each([
    "www.example.com",
    "example",
    "evilhome.arpa",
    "ada.example.com",
    "notada.example",
    "local.com",
    "arpa",
  ])("may not name %s, which is outside the scope", (name) =>
    expect(() => checkRequest(scope, { dns: [name] })).toThrow(
      expect.objectContaining({ code: "NAME_OUT_OF_SCOPE" }),
    ),
  );

  test("is refused whole when one of its names is outside", () => {
    expect(() => checkRequest(scope, { dns: ["hello.local", "www.example.com"] })).toThrow(
      expect.objectContaining({ code: "NAME_OUT_OF_SCOPE" }),
    );
  });

  test.each([
    "",
    "a b.local",
    "a\0.local",
    "*",
    "*.*.box.local",
    "a.*.local",
    "10.0.0.1",
    "../x.local",
  ])("is refused when %j is no host name", (name) =>
    expect(() => checkRequest(scope, { dns: [name] })).toThrow(
      expect.objectContaining({ code: "HOST_INVALID" }),
    ),
  );

  test("comes back in one spelling, each name once", () => {
    expect(checkRequest(scope, { dns: ["Hello.LOCAL", "hello.local."] })).toEqual({
      dns: ["hello.local"],
    });
  });

  test("is refused when it names nothing", () => {
    expect(() => checkRequest(scope, { dns: [] })).toThrow(
      expect.objectContaining({ code: "PKI_NO_NAMES" }),
    );
  });
});

describe("a wildcard", () => {
  test.each(["*.box.local", "*.box.home.arpa", "*.ada.example"])("is allowed for %s", (name) =>
    expect(checkRequest(scope, { dns: [name] })).toEqual({ dns: [name] }),
  );

  test.each(HOME_SCOPE.dns.map((suffix) => `*.${suffix}`))("is refused at the border: %s", (name) =>
    expect(() => checkRequest(scope, { dns: [name] })).toThrow(
      expect.objectContaining({ code: "PKI_WILDCARD_TOO_WIDE" }),
    ),
  );

  test("is refused for what strangers share, even where the authority has no limits", () => {
    expect(() => checkRequest(undefined, { dns: ["*.co.uk"] })).toThrow(
      expect.objectContaining({ code: "DOMAIN_TOO_BROAD" }),
    );
    expect(() => checkRequest(undefined, { dns: ["*.com"] })).toThrow(
      expect.objectContaining({ code: "PKI_WILDCARD_TOO_WIDE" }),
    );
  });
});

describe("a request for addresses", () => {
  test.each([
    "127.0.0.1",
    "::1",
    "192.168.1.20",
    "10.0.0.1",
    "172.31.255.255",
    "100.64.0.1",
    "169.254.1.1",
    "fd12:3456::1",
    "fe80::1",
  ])("may name %s", (address) =>
    expect(checkRequest(scope, { ips: [address] })).toEqual({ ips: [address] }),
  );

  test.each([
    "8.8.8.8",
    "172.32.0.1",
    "192.169.0.1",
    "2001:db8::1",
    "::2",
    "::ffff:10.0.0.1",
    "0.0.0.0",
  ])("may not name %s", (address) =>
    expect(() => checkRequest(scope, { ips: [address] })).toThrow(
      expect.objectContaining({ code: "PKI_ADDRESS_OUT_OF_SCOPE" }),
    ),
  );

  test("is refused for what is no address, and when it names nothing", () => {
    expect(() => checkRequest(scope, { ips: ["hello.local"] })).toThrow(
      expect.objectContaining({ code: "ADDRESS_INVALID" }),
    );
    expect(() => checkRequest(scope, { ips: [] })).toThrow(
      expect.objectContaining({ code: "PKI_NO_NAMES" }),
    );
  });
});

describe("an authority without limits", () => {
  test("may name anything that is a name", () => {
    expect(checkRequest(undefined, { dns: ["www.example.com"] })).toEqual({
      dns: ["www.example.com"],
    });
    expect(checkRequest(undefined, { ips: ["8.8.8.8"] })).toEqual({ ips: ["8.8.8.8"] });
  });
});

describe("what a person typed", () => {
  test("becomes a request for names or for addresses", () => {
    expect(requestOf(["a.local", "b.local"])).toEqual({ dns: ["a.local", "b.local"] });
    expect(requestOf(["10.0.0.1", "::1"])).toEqual({ ips: ["10.0.0.1", "::1"] });
  });

  test("is refused when it mixes both, with the two commands to run instead", () => {
    expect(() => requestOf(["a.local", "10.0.0.1", "*.box.local"])).toThrow(
      expect.objectContaining({
        code: "PKI_NAMES_MIXED",
        fix: "Make two: genkan cert a.local '*.box.local' && genkan cert 10.0.0.1",
      }),
    );
  });

  test("is refused when it is nothing", () => {
    expect(() => requestOf([])).toThrow(expect.objectContaining({ code: "PKI_NO_NAMES" }));
  });
});

describe("a scope with domains of a person's own", () => {
  test("adds them to the home ones, each once, and leaves out what is there already", () => {
    const { dns, ip } = scopeWith(["ada.example", "yourdomain.local", "Ada.Example", "home"]);
    expect(dns).toEqual([...HOME_SCOPE.dns, "ada.example"]);
    expect(ip).toEqual(HOME_SCOPE.ip);
  });

  test.each(["com", "co.uk", "example"])("refuses %s, which strangers share", (domain) =>
    expect(() => scopeWith([domain])).toThrow(
      expect.objectContaining({ code: "DOMAIN_TOO_BROAD" }),
    ),
  );

  test.each(["*.ada.example", ".ada.example", "10.0.0.0", ""])(
    "refuses %j, which is no domain",
    (domain) =>
      expect(() => scopeWith([domain])).toThrow(expect.objectContaining({ code: "HOST_INVALID" })),
  );
});

describe("two requests", () => {
  test("are the same whatever the order and the spelling of addresses", () => {
    const one = { ips: ["::1", "10.0.0.1"] };
    expect(sameRequest(one, { ips: ["10.0.0.1", "0:0:0:0:0:0:0:1"] })).toBe(true);
    expect(sameRequest(one, { ips: ["10.0.0.1"] })).toBe(false);
    expect(sameRequest({ dns: ["a.local"] }, { dns: ["a.local"] })).toBe(true);
    expect(sameRequest({ dns: ["a.local"] }, one)).toBe(false);
  });
});
