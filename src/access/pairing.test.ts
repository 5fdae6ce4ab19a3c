import { expect, test } from "vitest";
import { LOCK_OUT, WRONG_BY_ALL, WRONG_BY_SOURCE } from "./guesses.ts";
import { createPairing, INVITATION_LIFE, type Invitation } from "./pairing.ts";

const member: Invitation = { role: "member", name: undefined, expires: null };
function table() {
  let now = 5_000;
  let lockedOut = 0;
  const pairing = createPairing(
    () => now,
    () => lockedOut++,
  );
  return {
    pairing,
    pass: (ms: number) => void (now += ms),
    lockedOut: () => lockedOut,
    guess: (source: string, times = 1): string[] =>
      Array.from({ length: times }, () => pairing.redeem("no code", source).is),
  };
}

test("digits and the secret each open the invitation, once", () => {
  const { pairing } = table();
  for (const way of ["digits", "secret"] as const) {
    const made = pairing.open(member);
    expect(made.digits).toMatch(/^\d{6}$/);
    expect(pairing.redeem(made[way], "10.0.0.1")).toMatchObject({
      is: "invited",
      invitation: member,
    });
    expect(pairing.redeem(made.digits, "10.0.0.1").is).toBe("wrong");
    expect(pairing.redeem(made.secret, "10.0.0.1").is).toBe("wrong");
  }
});

test("digits are taken as people write them", () => {
  const { pairing } = table();
  const { digits } = pairing.open(member);
  const written = ` ${digits.slice(0, 3)} - ${digits.slice(3)} `;
  expect(pairing.redeem(written, "10.0.0.1").is).toBe("invited");
});

test("an invitation that was given back can be taken again", () => {
  const { pairing } = table();
  const { digits } = pairing.open(member);
  const taken = pairing.redeem(digits, "10.0.0.1");
  if (taken.is === "invited") taken.giveBack();
  expect(pairing.redeem(digits, "10.0.0.1").is).toBe("invited");
});

test("an invitation ends after ten minutes", () => {
  const { pairing, pass } = table();
  const { digits, secret } = pairing.open(member);
  pass(INVITATION_LIFE - 1);
  expect(pairing.count()).toBe(1);
  pass(1);
  expect(pairing.count()).toBe(0);
  expect(pairing.redeem(digits, "10.0.0.1").is).toBe("wrong");
  expect(pairing.redeem(secret, "10.0.0.1").is).toBe("wrong");
});

test("three are open at once at most; the oldest goes", () => {
  const { pairing } = table();
  const made = [1, 2, 3, 4].map(() => pairing.open(member));
  expect(pairing.count()).toBe(3);
  expect(made.map(({ secret }) => pairing.redeem(secret, "10.0.0.1").is)).toEqual([
    "wrong",
    "invited",
    "invited",
    "invited",
  ]);
});

test("who guesses is locked out, with the right digits too; others are not", () => {
  const { pairing, guess, pass } = table();
  const { digits } = pairing.open(member);
  expect(guess("10.0.0.1", WRONG_BY_SOURCE + 1)).toEqual([
    ...Array.from({ length: WRONG_BY_SOURCE }, () => "wrong"),
    "locked",
  ]);
  expect(pairing.redeem(digits, "10.0.0.1")).toEqual({
    is: "locked",
    by: "source",
    waitMs: LOCK_OUT,
  });
  expect(pairing.redeem(digits, "::ffff:10.0.0.1")).toMatchObject({ is: "locked" });
  pass(60_000);
  expect(pairing.redeem(digits, "10.0.0.1")).toMatchObject({ waitMs: LOCK_OUT - 60_000 });
  expect(pairing.redeem(digits, "10.0.0.2").is).toBe("invited");
});

test("guesses from one IPv6 network count as one source's", () => {
  const { pairing, guess } = table();
  pairing.open(member);
  for (let i = 0; i < WRONG_BY_SOURCE; i++) guess(`fd00::${i}`);
  expect(guess("fd00::ffff")).toEqual(["locked"]);
});

test("guesses from everywhere lock all out, the owner is told once, and a scanned secret still works", () => {
  const { pairing, guess, lockedOut, pass } = table();
  const { digits, secret } = pairing.open(member);
  for (let i = 0; i < WRONG_BY_ALL; i++) guess(`10.0.1.${i}`);
  expect(lockedOut()).toBe(1);
  expect(pairing.lockedMs()).toBe(LOCK_OUT);
  expect(guess("10.0.2.1", 3)).toEqual(["locked", "locked", "locked"]);
  expect(pairing.redeem(digits, "10.0.2.2")).toMatchObject({ is: "locked", by: "all" });
  expect(lockedOut()).toBe(1);
  pass(1);
  expect(pairing.redeem(secret, "10.0.2.2").is).toBe("invited");
});

test("a new invitation begins the counting anew", () => {
  const { pairing, guess } = table();
  pairing.open(member);
  for (let i = 0; i < WRONG_BY_ALL; i++) guess(`10.0.1.${i}`);
  const { digits } = pairing.open(member);
  expect(pairing.redeem(digits, "10.0.1.1").is).toBe("invited");
});

test("where nothing is open there is nothing to guess, and nobody is told anything", () => {
  const { guess, lockedOut } = table();
  expect(new Set(guess("10.0.0.1", 100))).toEqual(new Set(["wrong"]));
  expect(lockedOut()).toBe(0);
});

test("no six digits are more likely than others: they are spread over the whole range", () => {
  const { pairing } = table();
  const all = Array.from({ length: 2000 }, () => Number(pairing.open(member).digits));
  expect(new Set(all).size).toBeGreaterThan(1900);
  expect(all.filter((digits) => digits < 500_000).length).toBeGreaterThan(700);
  expect(all.filter((digits) => digits >= 500_000).length).toBeGreaterThan(700);
});

test("that all are locked out is known while it lasts, and ends with a new invitation", () => {
  const { pairing, guess, pass } = table();
  pairing.open(member);
  expect(pairing.lockedMs()).toBe(0);
  for (let source = 0; source < WRONG_BY_ALL; source++) guess(`10.0.1.${source}`);
  pass(60_000);
  expect(pairing.lockedMs()).toBe(LOCK_OUT - 60_000);
  pairing.open(member);
  expect(pairing.lockedMs()).toBe(0);
});

test("an invitation knows whether it is open: taken, over and closed by newer ones are not", () => {
  const { pairing, pass } = table();
  const taken = pairing.open(member);
  expect(taken.isOpen()).toBe(true);
  pairing.redeem(taken.digits, "10.0.0.1");
  expect(taken.isOpen()).toBe(false);
  const [first, ...newer] = [1, 2, 3, 4].map(() => pairing.open(member));
  expect(first?.isOpen()).toBe(false);
  expect(newer.map((made) => made.isOpen())).toEqual([true, true, true]);
  pass(INVITATION_LIFE);
  expect(newer.map((made) => made.isOpen())).toEqual([false, false, false]);
});

test("who may invite nobody any more has invited nobody", () => {
  const { pairing } = table();
  const own = pairing.open({ ...member, by: "d1" });
  const [others, terminal] = [pairing.open({ ...member, by: "d2" }), pairing.open(member)];
  pairing.close(["d1", "d3"]);
  expect([own, others, terminal].map((open) => open.isOpen())).toEqual([false, true, true]);
  expect(pairing.redeem(own.digits, "10.0.0.1").is).toBe("wrong");
  expect(pairing.redeem(others.digits, "10.0.0.1").is).toBe("invited");
});
