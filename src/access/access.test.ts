import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { accessWorld, MEMBER, pairDevice, PORTAL, wish } from "../../test/support/access.ts";
import type { Visitor } from "../model/admission.ts";
import type { Access } from "./access.ts";
import { hashOf, newSecret } from "./secrets.ts";
import { IDLE_LIMIT, ROTATE_AFTER } from "./sessions.ts";

const DAY = 24 * 3600 * 1000;

function visitorOf(access: Access, token: string, host = PORTAL): Visitor {
  const cookies = [`__Host-genkan=${token}`];
  return access.gate.identify({ host, cookies, authorization: undefined, address: "192.168.1.20" })
    .visitor;
}

describe("pairing", () => {
  test("the first device becomes the owner, whatever it was invited as; the next does not", async () => {
    const access = await accessWorld().open();
    expect(access.devices.hasOwner()).toBe(false);
    const first = await pairDevice(access, "laptop");
    const second = await pairDevice(access, "phone");
    expect(access.devices.alive(first.id)?.role).toBe("owner");
    expect(access.devices.alive(second.id)?.role).toBe("member");
  });

  test("of two first devices at the same moment one becomes the owner", async () => {
    const access = await accessWorld().open();
    const codes = [1, 2].map(() => access.invite(MEMBER).digits);
    await Promise.all(codes.map((digits) => access.pair(wish(digits))));
    expect(
      access.devices
        .list()
        .map(({ role }) => role)
        .sort(),
    ).toEqual(["member", "owner"]);
  });

  test("a guest never becomes the owner, and ends by itself: holders of connections are told", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { id, token } = await pairDevice(access, "visitor", {
      role: "guest",
      expires: world.clock.now() + 2 * DAY,
    });
    const ended: string[] = [];
    access.onEnd((device) => ended.push(device));
    const seen = (): Visitor => visitorOf(access, token);
    expect(seen()).toMatchObject({ role: "guest" });
    world.tick();
    expect(ended).toEqual([]);
    world.pass(2 * DAY);
    world.tick();
    world.tick();
    expect(ended).toEqual([id]);
    expect(seen().is).toBe("nobody");
    world.clock.move(-DAY); // a clock that is set back does not bring a guest back
    expect(seen().is).toBe("nobody");
    await access.stop();
    expect((await world.open()).devices.alive(id)).toBeUndefined();
  });

  test("setting the wall clock makes no invitation last longer or shorter", async () => {
    const world = accessWorld();
    const access = await world.open();
    const early = access.invite(MEMBER);
    world.clock.move(365 * DAY);
    expect((await access.pair(wish(early.digits))).is).toBe("paired");
    const late = access.invite(MEMBER);
    world.clock.move(-365 * DAY);
    world.pass(11 * 60_000);
    expect((await access.pair(wish(late.digits))).is).toBe("wrong");
  });

  test("a name is a line of text, whoever chose it", async () => {
    const access = await accessWorld().open();
    const { digits } = access.invite(MEMBER);
    const name = `\u001b[31mroot\u202e\n${"x".repeat(500)}`;
    const paired = await access.pair(wish(digits, { name }));
    expect(paired).toMatchObject({
      is: "paired",
      device: { name: expect.stringMatching(/^\S?\[31mroot x+\.\.\.$/) as string },
    });
  });

  test("guesses are audited, and the lock-out is said to the owner", async () => {
    const world = accessWorld();
    const access = await world.open();
    access.invite(MEMBER);
    for (let i = 0; i < 21; i++) await access.pair(wish("no", { address: `10.0.0.${i}` }));
    const events = world.audited.map(({ event }) => event);
    expect(events.filter((event) => event === "pairing.locked-out")).toHaveLength(1);
    expect(world.audited.at(-1)).toMatchObject({
      event: "pairing.refused",
      why: "locked out (all)",
      address: "10.0.0.20",
    });
  });
});

describe("a disk that is full, or closed", () => {
  test("while pairing pairs nobody, and the same digits work when there is room", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { digits } = access.invite(MEMBER);
    writeFileSync(world.dir, "a file where the folder should be");
    await expect(access.pair(wish(digits))).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
    expect(access.devices.list()).toEqual([]);
    rmSync(world.dir);
    expect((await access.pair(wish(digits))).is).toBe("paired");
    expect((await world.open()).devices.list()).toHaveLength(1);
  });

  test("in the middle of pairing leaves no device, and no session that opens anything", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { digits } = access.invite(MEMBER);
    mkdirSync(join(world.dir, "devices.json"), { recursive: true }); // the session is written, the device is not
    await expect(access.pair(wish(digits))).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
    rmSync(join(world.dir, "devices.json"), { recursive: true });
    expect(JSON.parse(readFileSync(join(world.dir, "sessions.json"), "utf8"))).toMatchObject({
      rows: [],
    });
    expect((await access.pair(wish(digits))).is).toBe("paired");
  });

  test("a power cut between the two leaves a session of nobody, which is swept away", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { token } = await pairDevice(access, "phone");
    rmSync(join(world.dir, "devices.json")); // as if it had never been written
    const again = await world.open();
    expect(visitorOf(again, token).is).toBe("nobody");
    expect(JSON.parse(readFileSync(join(world.dir, "sessions.json"), "utf8"))).toMatchObject({
      rows: [],
    });
  });

  test("while revoking puts the device out all the same, and says that it could not be written", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { id, token } = await pairDevice(access, "phone");
    const ended: string[] = [];
    access.onEnd((device) => ended.push(device));
    renameSync(world.dir, `${world.dir}-away`);
    writeFileSync(world.dir, "");
    await expect(access.revoke("phone")).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
    expect(ended).toEqual([id]);
    expect(visitorOf(access, token).is).toBe("nobody");
  });

  test("when what was noted is to be written keeps the note for later", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { token } = await pairDevice(access, "phone");
    renameSync(world.dir, `${world.dir}-away`);
    writeFileSync(world.dir, "");
    world.pass(DAY);
    expect(visitorOf(access, token).is).toBe("device");
    world.tick();
    await access.stop();
    rmSync(world.dir);
    renameSync(`${world.dir}-away`, world.dir);
    const sessions = (): string => readFileSync(join(world.dir, "sessions.json"), "utf8");
    expect(sessions()).not.toContain(`"seenAt":${world.clock.now()}`);
    await access.stop();
    expect(sessions()).toContain(`"seenAt":${world.clock.now()}`);
  });
});

test.each(["devices.json", "sessions.json", "tokens.json"])(
  "a damaged %s is said, kept, and lets nobody in",
  async (file) => {
    const world = accessWorld();
    await pairDevice(await world.open(), "phone");
    const half = '{"version":1,"rows":[{"id":"';
    writeFileSync(join(world.dir, file), half);
    await expect(world.open()).rejects.toMatchObject({ code: "ACCESS_STATE_DAMAGED" });
    expect(readFileSync(join(world.dir, file), "utf8")).toBe(half);
  },
);

test("revoking puts a device out, also where somebody who is told of it fails", async () => {
  const access = await accessWorld().open();
  const { id, token } = await pairDevice(access, "phone");
  const ended: string[] = [];
  access.onEnd(() => {
    throw new Error("an engine that stumbles");
  });
  access.onEnd((device) => ended.push(device));
  await access.revoke("phone");
  expect(ended).toEqual([id]);
  expect(visitorOf(access, token).is).toBe("nobody");
});

test("a change that was under way when a device was revoked or signed out brings nothing of it back", async () => {
  const world = accessWorld();
  const access = await world.open();
  const { id: kept } = await pairDevice(access, "Ada's phone");
  const { id: lost } = await pairDevice(access, "Mallory's");
  const token = await access.signIn(kept, "wiki.local");
  world.pass(ROTATE_AFTER + 1);

  await Promise.all([access.revoke(lost), access.change(lost, { name: "Mallory's again" })]);
  expect(access.devices.list().map(({ id }) => id)).toEqual([kept]);

  const [, next] = await Promise.all([
    access.signOut(kept, "wiki.local"),
    access.renew(token, "wiki.local"),
  ]);
  expect(next).toBeUndefined();
  expect(visitorOf(access, token, "wiki.local").is).toBe("nobody");
});

test("a program whose time is over ends by itself, once: holders of connections are told", async () => {
  const world = accessWorld();
  const access = await world.open();
  const expires = world.clock.now() + DAY;
  await access.tokens.create({ name: "backup", apps: ["wiki"], expires });
  const [token] = access.tokens.list();
  const ended: string[] = [];
  access.onEnd((id) => ended.push(id));
  world.tick();
  expect(ended).toEqual([]);
  world.pass(DAY);
  world.tick();
  world.tick();
  expect(ended).toEqual([token?.id]);
});

test("sessions that are over leave the disk when the door opens", async () => {
  const world = accessWorld();
  const access = await world.open();
  const { id } = await pairDevice(access, "phone");
  world.pass(IDLE_LIMIT / 2);
  await access.signIn(id, "wiki.local");
  world.pass(IDLE_LIMIT / 2 + DAY);
  await access.stop();
  await world.open();
  const { rows } = JSON.parse(readFileSync(join(world.dir, "sessions.json"), "utf8"));
  expect(rows.map(({ host }: { host: string }) => host)).toEqual(["wiki.local"]);
});

describe("from the portal to an app", () => {
  test("a code becomes a session at the app, once, in the browser that asked", async () => {
    const world = accessWorld();
    const access = await world.open();
    const { id } = await pairDevice(access, "phone");
    const nonce = newSecret();
    const code = access.handOver({ host: "wiki.local", device: id, nonceHash: hashOf(nonce) });
    const token = await access.takeOver(code, { host: "wiki.local", nonce });
    expect(visitorOf(access, String(token), "wiki.local")).toMatchObject({ id });
    expect(await access.takeOver(code, { host: "wiki.local", nonce })).toBeUndefined();
    expect(world.audited.map(({ event }) => event)).toEqual([
      "pairing.opened",
      "device.paired",
      "device.signed-in",
      "visitor.refused",
    ]);
    expect(JSON.stringify(world.audited)).not.toContain(token);
  });

  test("a code of a device that was revoked meanwhile is good for nothing", async () => {
    const access = await accessWorld().open();
    const { id } = await pairDevice(access, "phone");
    const nonce = newSecret();
    const code = access.handOver({ host: "wiki.local", device: id, nonceHash: hashOf(nonce) });
    await access.revoke(id);
    expect(await access.takeOver(code, { host: "wiki.local", nonce })).toBeUndefined();
  });
});

describe("which device a person means", () => {
  test("by name in any capitals, by id, and never by guessing", async () => {
    const access = await accessWorld().open();
    const phone = await pairDevice(access, "Kitchen");
    const other = await pairDevice(access, "kitchen");
    expect(() => access.devices.named("KITCHEN")).toThrow(/Several devices are called "KITCHEN"/);
    expect(access.devices.named(other.id).name).toBe("kitchen");
    await access.revoke(other.id);
    expect(access.devices.named("KITCHEN").id).toBe(phone.id);
    expect(() => access.devices.named("tablet")).toThrow(/paired are: Kitchen/);
  });

  test("one whose role changes has its connections ended, and is asked anew what it may do", async () => {
    const access = await accessWorld().open();
    const { id, token } = await pairDevice(access, "phone");
    const ended: string[] = [];
    access.onEnd((device) => ended.push(device));
    await access.change(id, { name: "Ada's phone" });
    expect(ended).toEqual([]);
    await access.change(id, { role: "member" });
    expect(ended).toEqual([id]);
    expect(visitorOf(access, token)).toMatchObject({ role: "member", name: "Ada's phone" });
  });
});

test("a device that signs out is known nowhere, or at one host less, and its connections end", async () => {
  const world = accessWorld();
  const access = await world.open();
  const { id, token } = await pairDevice(access, "Phone");
  const atWiki = await access.signIn(id, "wiki.local");
  const atPhotos = await access.signIn(id, "photos.local");
  const ended: string[] = [];
  access.onEnd((device) => ended.push(device));
  const isKnown = (cookie: string, host: string) => {
    const cookies = [`__Host-genkan=${cookie}`];
    return (
      access.gate.identify({ host, cookies, authorization: undefined, address: "192.168.1.20" })
        .visitor.is === "device"
    );
  };
  await access.signOut(id, "wiki.local");
  expect(isKnown(atWiki, "wiki.local")).toBe(false);
  expect(isKnown(atPhotos, "photos.local")).toBe(true);
  await access.signOut(id);
  expect(isKnown(atPhotos, "photos.local")).toBe(false);
  expect(isKnown(token, PORTAL)).toBe(false);
  expect(ended).toEqual([`${id} wiki.local`, id]);
  expect(access.devices.alive(id)).toBeDefined();
});

test("whether somebody is invited is known from opening the invitation to taking it", async () => {
  const access = await accessWorld().open();
  expect(access.isInviting()).toBe(false);
  const { digits } = access.invite(MEMBER);
  expect(access.isInviting()).toBe(true);
  await access.pair(wish(digits));
  expect(access.isInviting()).toBe(false);
});

test("whoever invited is told which device took it, and only once it is paired", async () => {
  const access = await accessWorld().open();
  const taken: string[] = [];
  const onTaken = (device: string): void => void taken.push(device);
  const { digits } = access.invite({ ...MEMBER, onTaken });
  expect(taken).toEqual([]);
  const paired = await access.pair(wish(digits));
  expect(taken).toEqual([paired.is === "paired" && paired.device.id]);
});
