import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pairDevice, wish } from "../support/access.ts";
import { commandLine } from "../support/cli.ts";
import { type OpenControl, openControl } from "../support/control.ts";

const DAY = 24 * 3_600_000;

/** Ids are drawn by lot. */
const hide = (text: string): string => text.replaceAll(/\b[0-9a-f]{16}\b/g, "0123456789abcdef");

/** A page of the wiki, asked for from the sofa. */
const VISIT = {
  host: "wiki.local",
  app: "wiki",
  access: "household",
  address: "192.168.1.30",
  method: "GET",
  path: "/",
  openPaths: [],
  authorization: undefined,
  isWebSocket: false,
  fetchMode: undefined,
  fetchDest: undefined,
  accept: undefined,
} as const;

/** An owner's phone and a guest's tablet, paired at ten in the morning. */
async function household(): Promise<OpenControl & { readonly phone: string }> {
  const door = await openControl();
  door.world.clock.set(Date.parse("2026-11-25T10:00:00Z"));
  const { id } = await pairDevice(door.access, "Ada's phone");
  const expires = door.world.clock.now() + 2 * DAY;
  await pairDevice(door.access, "Tablet", { role: "guest", expires });
  return { ...door, phone: id };
}

test("devices tells who is let in, since when, from where, for what and how long", async () => {
  const { line, access, phone, world } = await household();
  world.pass(DAY / 2);
  const cookies = [`__Host-genkan=${await access.signIn(phone, "wiki.local")}`];
  access.gate.answer({ ...VISIT, cookies });
  expect(hide(await line.genkan("devices"))).toMatchInlineSnapshot(`
    "$ genkan devices
    DEVICE       KIND    ROLE   PAIRED      LAST SEEN         ADDRESS       UNTIL             ID                APPS USED
    Ada's phone  iphone  owner  2026-11-25  2026-11-25 22:00  192.168.1.30  -                 0123456789abcdef  wiki
    Tablet       iphone  guest  2026-11-25  2026-11-25 10:00  192.168.1.20  2026-11-27 10:00  0123456789abcdef  -

    Times are UTC."
  `);
  const { stdout } = await line.run("devices", "--json");
  expect(hide(stdout)).toMatchInlineSnapshot(`
    "{"open":true,"hasOwner":true,"devices":[{"id":"0123456789abcdef","name":"Ada's phone","kind":"iphone","role":"owner","paired":"2026-11-25T10:00:00.000Z","lastSeen":"2026-11-25T22:00:00.000Z","addresses":["192.168.1.30","192.168.1.20"],"apps":["wiki"],"expires":null,"through":null,"ended":false},{"id":"0123456789abcdef","name":"Tablet","kind":"iphone","role":"guest","paired":"2026-11-25T10:00:00.000Z","lastSeen":"2026-11-25T10:00:00.000Z","addresses":["192.168.1.20"],"apps":[],"expires":"2026-11-27T10:00:00.000Z","through":null,"ended":false}]}
    "
  `);
});

test("a guest whose time is over is shown as such", async () => {
  const { line, world } = await household();
  world.pass(3 * DAY);
  expect(await line.genkan("devices")).toMatch(/^Tablet .* over /m);
});

test("devices of a closed door are read from what it kept, and nothing is written", async () => {
  const { line, close } = await household();
  await close();
  const said = await line.genkan("devices");
  expect(said).toContain("The door is closed: this is what it kept.");
  expect(said).toMatch(/^Ada's phone .* owner /m);
  expect(JSON.parse((await line.run("devices", "--json")).stdout)).toMatchObject({
    open: false,
    hasOwner: true,
  });
});

test("where nobody is paired, devices says what the first will be", async () => {
  const { line } = await openControl();
  expect(await line.genkan("devices")).toMatchInlineSnapshot(`
    "$ genkan devices
    No device is paired. The first becomes the owner: genkan pair"
  `);
  expect(await commandLine().genkan("devices")).toContain("No device is paired.");
});

test("that somebody guesses at digits is told beside the list, until there are new ones", async () => {
  const { line, access } = await household();
  await line.run("pair");
  for (let i = 0; i < 20; i++) await access.pair(wish("no digits", { address: `192.168.2.${i}` }));
  expect(await line.genkan("devices")).toContain("Wrong digits were typed so often");
  await line.run("pair");
  expect(await line.genkan("devices")).not.toContain("Wrong digits");
});

test("what was kept and cannot be read is said, open or closed", async () => {
  const { line, close, world } = await household();
  await close();
  writeFileSync(join(world.dir, "devices.json"), "{");
  expect(await line.genkan("devices")).toContain("(ACCESS_STATE_DAMAGED)\n[exit 1]");
  writeFileSync(join(world.dir, "devices.json"), '{"version":2,"rows":[]}');
  expect(await line.genkan("devices")).toContain("(ACCESS_STATE_FOREIGN)");
});

test("a name brings no escape sequence to the terminal", async () => {
  const { line, close, world } = await household();
  await close();
  const row = { id: "a", name: "\u009b31mred", kind: "mac", role: "member", pairedAt: 0 };
  const rest = { lastSeen: 0, expires: null, ended: false, addresses: [], apps: [] };
  writeFileSync(
    join(world.dir, "devices.json"),
    JSON.stringify({ version: 1, rows: [{ ...row, ...rest }] }),
  );
  expect(await line.genkan("devices")).toMatch(/^[\n\u0020-\u007e]*$/);
});

test("revoke puts a device out, by name or by id", async () => {
  const { line, access, phone } = await household();
  expect(await line.genkan("revoke tablet")).toMatchInlineSnapshot(`
    "$ genkan revoke tablet
    Tablet is out: its sessions and its connections have ended."
  `);
  expect(access.devices.list().map(({ name }) => name)).toEqual(["Ada's phone"]);
  expect(await line.genkan(`revoke ${phone}`)).toContain("No owner is left.");
  expect(access.devices.list()).toEqual([]);
});

test("as JSON: who went, and whether an owner is left", async () => {
  const { line } = await household();
  const { stdout } = await line.run("revoke", "Tablet", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    revoked: { name: "Tablet", role: "guest" },
    hasOwner: true,
  });
});

test("revoke refuses what it cannot tell apart, and what there is not", async () => {
  const { line, access } = await household();
  await pairDevice(access, "Tablet");
  expect(hide(await line.genkan("revoke Tablet"))).toMatchInlineSnapshot(`
    "$ genkan revoke Tablet
    genkan: Several devices are called "Tablet": 0123456789abcdef, 0123456789abcdef.
      -> Name it by its id: genkan devices shows both
      (DEVICE_AMBIGUOUS)
    [exit 2]"
  `);
  expect(await line.genkan("revoke fridge")).toMatchInlineSnapshot(`
    "$ genkan revoke fridge
    genkan: There is no device "fridge"; paired are: Ada's phone, Tablet, Tablet.
      -> See them all: genkan devices
      (DEVICE_UNKNOWN)
    [exit 2]"
  `);
  expect(await line.genkan("revoke")).toContain("(USAGE)\n[exit 2]");
  expect(await line.genkan("revoke a b")).toContain("(USAGE)\n[exit 2]");
  expect(access.devices.list()).toHaveLength(3);
});

test("revoke needs an open door", async () => {
  expect(await commandLine().genkan("revoke Tablet")).toContain("(DOOR_CLOSED)\n[exit 1]");
});
