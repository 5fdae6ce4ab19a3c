import { describe, expect, test } from "vitest";
import { createClaims, type Claims, type Due } from "./claims.ts";
import { type Message, recordsFor } from "./packet.ts";

const OURS = {
  isOurs: (data: string) => data === "10.0.0.1",
  recordsOf: (name: string) => recordsFor(name, ["10.0.0.1"]),
};

function message(more: Partial<Message>): Message {
  return { id: 0, isResponse: true, questions: [], answers: [], wanted: [], ...more };
}

function says(data: string, ttl = 120): Message {
  return message({ answers: [{ name: "hello.local", data, ttl }] });
}

function wants(data: string): Message {
  const wanted = [{ name: "hello.local", data, ttl: 120 }];
  return message({ isResponse: false, wanted });
}

function claiming(): Claims {
  const claims = createClaims();
  claims.add("hello.local");
  return claims;
}

/** What is done in so many quarters of a second: `p` probe, `a` announcement, `.` nothing. */
function steps(claims: Claims, count: number): string {
  const letter = ({ probe, announce }: Due): string =>
    probe.length > 0 ? "p" : announce.length > 0 ? "a" : ".";
  return Array.from({ length: count }, () => letter(claims.step())).join("");
}

test("a name is probed for three times, then announced twice, a second apart (RFC 6762 section 8)", () => {
  const claims = claiming();
  expect(claims.isHeld("hello.local")).toBe(false);
  expect(steps(claims, 10)).toBe("pppa...a..");
  expect(claims.isHeld("hello.local")).toBe(true);
  expect(claims.isBusy()).toBe(false);
});

test("another's answer while we probe is the end of it (section 8.1)", () => {
  const claims = claiming();
  steps(claims, 2);
  expect(claims.hear(says("10.0.0.3"), OURS)).toEqual([{ name: "hello.local", owner: "10.0.0.3" }]);
  expect(claims.names()).toEqual([]);
});

test.each([
  ["our own words", says("10.0.0.1")],
  ["a goodbye", says("10.0.0.3", 0)],
  [
    "another name's record",
    message({ answers: [{ name: "other.local", data: "10.0.0.3", ttl: 120 }] }),
  ],
])("%s are no conflict", (_, heard) => {
  const claims = claiming();
  steps(claims, 2);
  expect(claims.hear(heard, OURS)).toEqual([]);
  expect(steps(claims, 2)).toBe("pa");
});

test("another's answer to a name of ours means asking anew, and believing it the second time (section 9)", () => {
  const claims = claiming();
  steps(claims, 8);
  expect(claims.hear(says("10.0.0.3"), OURS)).toEqual([]);
  expect(claims.isHeld("hello.local")).toBe(false);
  expect(steps(claims, 1)).toBe("p");
  expect(claims.hear(says("10.0.0.3"), OURS)).toEqual([{ name: "hello.local", owner: "10.0.0.3" }]);
});

test("a single lie makes us ask, and keep the name", () => {
  const claims = claiming();
  steps(claims, 8);
  claims.hear(says("10.0.0.3"), OURS);
  expect(steps(claims, 4)).toBe("pppa");
  expect(claims.isHeld("hello.local")).toBe(true);
});

describe("of two who probe at once (section 8.2)", () => {
  test("the one whose records sort later goes on", () => {
    const claims = claiming();
    steps(claims, 2);
    claims.hear(wants("9.255.255.255"), OURS);
    expect(steps(claims, 2)).toBe("pa");
  });

  test("the other waits a second and asks again", () => {
    const claims = claiming();
    steps(claims, 2);
    claims.hear(wants("10.0.0.3"), OURS);
    expect(steps(claims, 8)).toBe("....pppa");
  });

  test("an IPv6 address sorts after every IPv4 address", () => {
    const claims = claiming();
    steps(claims, 2);
    claims.hear(wants("fd12::1"), OURS);
    expect(steps(claims, 1)).toBe(".");
  });

  test("nobody waits for a name that is held", () => {
    const claims = claiming();
    steps(claims, 8);
    claims.hear(wants("10.0.0.3"), OURS);
    expect(claims.isHeld("hello.local")).toBe(true);
  });
});
