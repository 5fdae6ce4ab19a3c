import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { movedClock } from "../../test/support/clock.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { hashOf } from "./secrets.ts";
import { IDLE_LIMIT, MOST_SESSIONS, openSessions, ROTATE_AFTER, WHOLE_LIMIT } from "./sessions.ts";

const HOUR = 3_600_000;
async function opened() {
  const path = join(tempFolder(), "sessions.json");
  const clock = movedClock();
  return { path, clock, sessions: await openSessions(path, clock.now) };
}

test("a token opens its own host, and no other", async () => {
  const { sessions } = await opened();
  const token = await sessions.begin("d1", "wiki.local");
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(sessions.find(token, "wiki.local")).toMatchObject({ device: "d1" });
  expect(sessions.find(token, "nas.local")).toBeUndefined();
  expect(sessions.find(`${token}x`, "wiki.local")).toBeUndefined();
  expect(sessions.find("", "wiki.local")).toBeUndefined();
});

test("the disk holds hashes and no token, and they are good after a restart", async () => {
  const { sessions, path, clock } = await opened();
  const token = await sessions.begin("d1", "wiki.local");
  expect(readFileSync(path, "utf8")).not.toContain(token);
  const again = await openSessions(path, clock.now);
  expect(again.find(token, "wiki.local")).toMatchObject({ device: "d1" });
  expect(again.find(hashOf(token), "wiki.local")).toBeUndefined();
});

test("a device has one session at a host: a new one ends the one before", async () => {
  const { sessions } = await opened();
  const first = await sessions.begin("d1", "wiki.local");
  const other = await sessions.begin("d2", "wiki.local");
  const second = await sessions.begin("d1", "wiki.local");
  expect(sessions.find(first, "wiki.local")).toBeUndefined();
  expect(sessions.find(second, "wiki.local")).toBeDefined();
  expect(sessions.find(other, "wiki.local")).toBeDefined();
  expect(sessions.count()).toBe(2);
});

test("all sessions of a device end at once, and one alone where it signs out", async () => {
  const { sessions } = await opened();
  const [a, b] = [await sessions.begin("d1", "a.local"), await sessions.begin("d1", "b.local")];
  const other = await sessions.begin("d2", "a.local");
  await sessions.end("d1", "a.local");
  expect(sessions.find(a, "a.local")).toBeUndefined();
  expect(sessions.find(b, "b.local")).toBeDefined();
  await sessions.endAll("d1");
  expect(sessions.find(b, "b.local")).toBeUndefined();
  expect(sessions.find(other, "a.local")).toBeDefined();
});

describe("sweeping", () => {
  const everyDevice = (): boolean => true;

  test("takes away what is over and what belongs to no device, and keeps the rest", async () => {
    const { sessions, clock } = await opened();
    await sessions.begin("d1", "a.local");
    clock.set(clock.now() + IDLE_LIMIT + HOUR);
    await sessions.begin("d2", "a.local");
    await sessions.begin("gone", "a.local");
    await sessions.sweep((id) => id !== "gone");
    expect(sessions.count()).toBe(1);
    expect(sessions.isSignedIn("d2")).toBe(true);
  });

  test("with a clock years ahead signs nobody out for good", async () => {
    const { sessions, clock } = await opened();
    const token = await sessions.begin("d1", "a.local");
    const today = clock.now();
    clock.set(today + 30 * WHOLE_LIMIT);
    await sessions.sweep(everyDevice);
    expect(sessions.find(token, "a.local")).toBeUndefined();
    clock.set(today);
    expect(sessions.find(token, "a.local")).toMatchObject({ device: "d1" });
  });
});

describe("time", () => {
  test("a session ends when it was not used for long, and lives on with use", async () => {
    const { sessions, clock } = await opened();
    const token = await sessions.begin("d1", "a.local");
    for (let i = 0; i < 3; i++) {
      clock.move(IDLE_LIMIT - HOUR);
      expect(sessions.find(token, "a.local")).toBeDefined();
    }
    clock.move(IDLE_LIMIT + HOUR);
    expect(sessions.find(token, "a.local")).toBeUndefined();
  });

  test("a session ends in any case after its whole time, with new tokens too", async () => {
    const { sessions, clock } = await opened();
    let token = await sessions.begin("d1", "a.local");
    for (let gone = 0; gone + IDLE_LIMIT / 2 < WHOLE_LIMIT; gone += IDLE_LIMIT / 2) {
      clock.move(IDLE_LIMIT / 2);
      token = (await sessions.rotate(token, "a.local")) ?? token;
      expect(sessions.find(token, "a.local")).toBeDefined();
    }
    clock.move(IDLE_LIMIT / 2);
    expect(sessions.find(token, "a.local")).toBeUndefined();
  });

  test("a clock that was set back ends nothing, and makes nothing last longer once it is right again", async () => {
    const { sessions, clock } = await opened();
    const start = clock.now();
    const token = await sessions.begin("d1", "a.local");
    clock.set(0);
    expect(sessions.find(token, "a.local")).toMatchObject({ seenAt: start });
    clock.set(start + IDLE_LIMIT + HOUR);
    expect(sessions.find(token, "a.local")).toBeUndefined();
  });

  test("a clock that was wrong for a while in the future has thrown nobody out", async () => {
    const { sessions, clock, path } = await opened();
    const start = clock.now();
    const token = await sessions.begin("d1", "a.local");
    clock.set(start + 30 * WHOLE_LIMIT);
    expect(sessions.find(token, "a.local")).toBeUndefined();
    await sessions.begin("d2", "a.local");
    clock.set(start);
    expect((await openSessions(path, clock.now)).find(token, "a.local")).toBeDefined();
  });

  test("that it was seen is written with the next flush, not for every request", async () => {
    const { sessions, clock, path } = await opened();
    const token = await sessions.begin("d1", "a.local");
    const before = readFileSync(path, "utf8");
    clock.move(HOUR);
    sessions.find(token, "a.local");
    expect(readFileSync(path, "utf8")).toBe(before);
    await sessions.flush();
    expect(readFileSync(path, "utf8")).toContain(`"seenAt":${clock.now()}`);
  });
});

describe("a token given anew", () => {
  async function stale() {
    const world = await opened();
    const token = await world.sessions.begin("d1", "a.local");
    expect(await world.sessions.rotate(token, "a.local")).toBeUndefined(); // young ones stay
    world.clock.move(ROTATE_AFTER + HOUR);
    return { ...world, token };
  }
  const isGood = ({ sessions }: Awaited<ReturnType<typeof stale>>, token: string): boolean =>
    sessions.find(token, "a.local") !== undefined;

  test("ends the old one a minute after it was first seen", async () => {
    const world = await stale();
    const next = (await world.sessions.rotate(world.token, "a.local"))!;
    expect(isGood(world, world.token)).toBe(true);
    expect(isGood(world, next)).toBe(true);
    world.clock.move(59_000);
    expect(isGood(world, world.token)).toBe(true); // a request that was on its way
    world.clock.move(2_000);
    expect(isGood(world, world.token)).toBe(false);
    expect(isGood(world, next)).toBe(true);
  });

  test("and lost on the way leaves the old one good, to be given anew once more", async () => {
    const world = await stale();
    const lost = (await world.sessions.rotate(world.token, "a.local"))!;
    world.clock.move(ROTATE_AFTER + HOUR);
    expect(isGood(world, world.token)).toBe(true);
    const next = (await world.sessions.rotate(world.token, "a.local"))!;
    expect(isGood(world, next)).toBe(true);
    expect(isGood(world, lost)).toBe(false);
  });

  test("goes out once where two requests ask at the same time", async () => {
    const world = await stale();
    const both = [1, 2].map(() => world.sessions.rotate(world.token, "a.local"));
    const given = (await Promise.all(both)).filter((token) => token !== undefined);
    expect(given).toHaveLength(1);
    expect(isGood(world, given[0]!)).toBe(true);
  });

  test("is not given where the disk refuses, and the old one stays good", async () => {
    const world = await stale();
    const { rmSync, mkdirSync } = await import("node:fs");
    rmSync(world.path);
    mkdirSync(world.path);
    await expect(world.sessions.rotate(world.token, "a.local")).rejects.toMatchObject({
      code: "FILE_NOT_WRITABLE",
    });
    expect(isGood(world, world.token)).toBe(true);
  });
});

test("where there is no room, the session that was not seen for longest makes it", async () => {
  const path = join(tempFolder(), "sessions.json");
  const clock = movedClock();
  const times = {
    begunAt: clock.now(),
    issuedAt: clock.now(),
    previous: null,
    previousUntil: null,
  };
  const rows = Array.from({ length: MOST_SESSIONS }, (_, i) => ({
    device: `d${i}`,
    host: "a.local",
    hash: hashOf(`token${i}`),
    ...times,
    seenAt: clock.now() - (i === 4321 ? 2000 : 1000),
  }));
  writeFileSync(path, JSON.stringify({ version: 1, rows }));
  const sessions = await openSessions(path, clock.now);
  expect(sessions.find("token9999", "a.local")).toMatchObject({ device: "d9999" });
  const token = await sessions.begin("new", "a.local");
  expect(sessions.count()).toBe(MOST_SESSIONS);
  expect(sessions.find("token4321", "a.local")).toBeUndefined();
  expect(sessions.find("token4320", "a.local")).toBeDefined();
  expect(sessions.find(token, "a.local")).toBeDefined();
});
