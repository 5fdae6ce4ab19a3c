import { describe, expect, test } from "vitest";
import { placeOf, seconds, tlsFailure, unreachable } from "./why.ts";

const coded = (code: string): Error => Object.assign(new Error("what the system says"), { code });

describe("why an app cannot be reached", () => {
  test.each([
    ["ECONNREFUSED", "connection refused on nas:1"],
    ["ECONNRESET", "connection broken off by nas:1"],
    ["EHOSTUNREACH", "no way to nas:1"],
    ["ENETUNREACH", "no way to nas:1"],
    ["EADDRNOTAVAIL", "no way from this machine to nas:1"],
    ["EAFNOSUPPORT", "no way from this machine to nas:1"],
    ["ETIMEDOUT", "no answer from nas:1"],
    ["EACCES", "this machine does not allow connections to nas:1"],
    ["EPERM", "this machine does not allow connections to nas:1"],
    ["EMFILE", "the door has too many files open for a connection to nas:1"],
    ["EWHATEVER", "no connection to nas:1 (what the system says)"],
  ])("%s", (code, why) => {
    const failure = unreachable([{ place: "nas:1", error: coded(code) }]);
    expect(failure).toMatchObject({ kind: "unreachable", message: why, cause: { code } });
  });

  test("says of different addresses what each did", () => {
    const failure = unreachable([
      { place: "a:1", error: coded("ECONNREFUSED") },
      { place: "[::1]:1", error: coded("EADDRNOTAVAIL") },
      { place: "b:1", error: coded("ECONNREFUSED") },
    ]);
    expect(failure.message).toBe(
      "connection refused on a:1 and b:1, no way from this machine to [::1]:1",
    );
  });
});

test.each([
  ["CERT_HAS_EXPIRED", "its certificate has expired; set `insecure: true`"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet; set `insecure: true`"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "is not trusted (from an authority of its own); set"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "nas:1 does not speak TLS: write http:// before its address"],
  ["ECONNRESET", "nas:1 broke off while TLS was being set up"],
  ["ERR_SSL_WHATEVER", "TLS with nas:1 could not be set up (what the system says)"],
])("of TLS %s a person reads what to do", (code, why) => {
  const failure = tlsFailure("nas:1", coded(code));
  expect(failure.kind).toBe("tls");
  expect(failure.message).toContain(why);
});

test("places and times read as a person writes them", () => {
  expect([placeOf("nas", 80), placeOf("::1", 80)]).toEqual(["nas:80", "[::1]:80"]);
  expect([seconds(10_000), seconds(1000), seconds(1500), seconds(40)]).toEqual([
    "10 seconds",
    "1 second",
    "1.5 seconds",
    "40 milliseconds",
  ]);
});
