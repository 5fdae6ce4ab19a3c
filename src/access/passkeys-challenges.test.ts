import { expect, test } from "vitest";
import { createChallenges } from "./passkeys-challenges.ts";

const SIGN_IN = { host: "genkan.local", device: null };

/** So many challenges from one source; gives their keys. */
function ask(challenges: ReturnType<typeof createChallenges>, times: number, address: string) {
  return Array.from({ length: times }, () => challenges.issue(SIGN_IN, address).key);
}

test("a source that asks for many loses its own, and nobody else's", () => {
  const challenges = createChallenges(() => 0);
  const { key, challenge } = challenges.issue(SIGN_IN, "192.168.1.20");
  const keys = ask(challenges, 1000, "192.168.1.66");
  expect(challenges.take(key)).toMatchObject({ ...SIGN_IN, challenge });
  const left = keys.filter((one) => challenges.take(one) !== undefined);
  expect(left).toEqual(keys.slice(-10));
});

test("one device is one source, however many addresses its IPv6 gives it", () => {
  const challenges = createChallenges(() => 0);
  const [first = ""] = ask(challenges, 1, "fd00::1");
  for (let host = 2; host < 12; host += 1) ask(challenges, 1, `fd00::${host}`);
  expect(challenges.take(first)).toBeUndefined();
});

test("many sources together hold no more than so many", () => {
  const challenges = createChallenges(() => 0);
  const keys = Array.from({ length: 600 }, (_, n) =>
    ask(challenges, 1, `10.0.${n >> 8}.${n & 255}`),
  );
  const left = keys.flat().filter((key) => challenges.take(key) !== undefined);
  expect(left).toHaveLength(500);
});

test("those whose time is over make room first", () => {
  let now = 0;
  const challenges = createChallenges(() => now);
  ask(challenges, 10, "192.168.1.66");
  now = 300_000;
  const keys = ask(challenges, 10, "192.168.1.66");
  expect(keys.every((key) => challenges.take(key) !== undefined)).toBe(true);
});
