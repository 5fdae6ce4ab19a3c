import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AccessWorld, accessWorld, pairDevice } from "../../test/support/access.ts";
import type { Finding } from "../kernel/check.ts";
import { accessChecks, type DoorFacts } from "./checks.ts";

const HOUR = 3_600_000;
const OPEN: DoorFacts = { trouble: undefined, asks: true, lockedMs: 0 };

/** What one check finds; doctor does not ask the others where the state cannot be read. */
async function finding(
  id: string,
  { dir, clock }: AccessWorld,
  door: DoorFacts | undefined = OPEN,
): Promise<Finding | undefined> {
  const checks = accessChecks({ dir, now: clock.now, door });
  return checks.find((check) => check.id === id)?.look(new AbortController().signal);
}

const IDS = ["access.state", "access.owner", "access.guests", "access.guesses"];

test("a household with an owner is well, and looking writes nothing", async () => {
  const world = accessWorld();
  const access = await world.open();
  await pairDevice(access, "Ada's phone");
  const before = readdirSync(world.dir);
  for (const id of IDS) expect(await finding(id, world)).toEqual({ state: "well" });
  expect(readdirSync(world.dir)).toEqual(before);
});

test.each(["devices.json", "sessions.json", "tokens.json", "passkeys.json"])(
  "a damaged %s is found, with the way out",
  async (file) => {
    const world = accessWorld();
    await pairDevice(await world.open(), "Ada's phone");
    writeFileSync(join(world.dir, file), "{");
    const state = await finding("access.state", world);
    expect(state).toMatchObject({ state: "unwell", severity: "high" });
    expect(state).toMatchObject({ says: expect.stringContaining(file) });
  },
);

test("a door that opened with damaged files is told to open again, when they are mended", async () => {
  const trouble = { message: "It was damaged.", fix: "Mend it." };
  const state = await finding("access.state", accessWorld(), { ...OPEN, trouble });
  expect(state).toMatchObject({ state: "unwell", fix: { command: "genkan stop" } });
});

test("without an owner nobody can let devices in, unless nobody is asked anyway", async () => {
  const world = accessWorld();
  const owner = (door?: DoorFacts) => finding("access.owner", world, door);
  expect(await owner()).toMatchObject({ state: "unwell", fix: { command: "genkan pair" } });
  expect(await owner({ ...OPEN, asks: false })).toMatchObject({ state: "well" });
  const access = await world.open();
  await pairDevice(access, "Tablet", { role: "guest", expires: world.clock.now() + HOUR });
  expect(await owner()).toMatchObject({ state: "unwell" });
});

test("a guest whose time is over can be taken off the list", async () => {
  const world = accessWorld();
  const access = await world.open();
  await pairDevice(access, "Ada's phone");
  const expires = world.clock.now() + HOUR;
  await pairDevice(access, "kitchen tablet", { role: "guest", expires });
  expect(await finding("access.guests", world)).toEqual({ state: "well" });
  world.pass(HOUR);
  expect(await finding("access.guests", world)).toMatchObject({
    state: "unwell",
    severity: "low",
    fix: { command: "genkan revoke 'kitchen tablet'" },
  });
});

test("a lock-out is told while it lasts", async () => {
  const world = accessWorld();
  const locked = await finding("access.guesses", world, { ...OPEN, lockedMs: 9.2 * 60_000 });
  expect(locked).toMatchObject({ state: "unwell", severity: "high" });
  expect(locked).toMatchObject({ says: expect.stringContaining("10 more minutes") });
});

test("what only an open door knows is unknown where none is open", async () => {
  const { clock, dir } = accessWorld();
  const checks = accessChecks({ dir, now: clock.now, door: undefined });
  const looks = checks.map((check) => check.look(new AbortController().signal));
  const states = (await Promise.all(looks)).map(({ state }) => state);
  expect(states).toEqual(["well", "unknown", "well", "unknown"]);
});
