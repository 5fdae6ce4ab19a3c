import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { accessWorld, pairDevice, PORTAL } from "../../test/support/access.ts";
import { type Bent, makePasskey, type SoftPasskey } from "../../test/support/authenticator.ts";
import type { Access } from "./access.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import type { Browser } from "./passkeys-parts.ts";
import { CHALLENGE_LIFE } from "./passkeys-challenges.ts";

const ORIGIN = `https://${PORTAL}:8443`;
const AT = { host: PORTAL, address: "192.168.1.20" };
const FIREFOX = { name: "Firefox on Linux", kind: "linux" };

/** Asks, and answers with a new passkey. */
async function add(access: Access, device: string, bent: Bent = {}) {
  const { options, key } = await access.passkeys.beginAdding(device, AT);
  const passkey = makePasskey(options, ORIGIN, bent);
  const { made: response } = passkey;
  const added = await access.passkeys.add(device, { ...AT, response, key, origin: ORIGIN }, "Key");
  return { passkey, added, options };
}

/** Asks, and answers with a passkey. */
async function signIn(
  access: Access,
  passkey: SoftPasskey,
  { browser = FIREFOX, ...bent }: Bent & { readonly browser?: Browser } = {},
) {
  const { options, key } = await access.passkeys.beginSignIn(AT);
  const response = passkey.sign(options, bent);
  return access.passkeys.signIn({ ...AT, response, key, origin: ORIGIN }, browser);
}

/** Whom a session's token belongs to, as the gate sees it. */
function deviceBehind(access: Access, token: string) {
  const cookies = [`${SESSION_COOKIE}=${token}`];
  const shown = { host: PORTAL, cookies, authorization: undefined, address: "192.168.1.20" };
  const { visitor } = access.gate.identify(shown);
  return visitor.is === "device" ? visitor : undefined;
}

async function household() {
  const world = accessWorld();
  const access = await world.open();
  const { id } = await pairDevice(access, "Ana's phone");
  return { world, access, id };
}

/** A household whose phone has a passkey. */
async function withPasskey(bent: Bent = {}) {
  const home = await household();
  const { passkey } = await add(home.access, home.id, bent);
  return { ...home, passkey };
}

async function signedInWith(access: Access, passkey: SoftPasskey, browser = FIREFOX) {
  const signed = await signIn(access, passkey, { browser });
  if (signed.is !== "signed-in") throw new Error(`signing in was refused: ${signed.why}`);
  return signed;
}

describe("a passkey", () => {
  test("is added on a device, and signs in a browser nobody knows as the same person", async () => {
    const { access, id, passkey } = await withPasskey();
    expect(access.passkeys.list(id)).toMatchObject([{ name: "Key", host: PORTAL, device: id }]);
    const { token, device } = await signedInWith(access, passkey);
    expect(device).toMatchObject({
      name: "Firefox on Linux (passkey of Ana's phone)",
      role: "owner",
      through: id,
    });
    expect(deviceBehind(access, token)?.id).toBe(device.id);
    expect(access.passkeys.list(device.id)).toHaveLength(1);
  });

  test("asks that its holder proves who they are, and to be found without a name", async () => {
    const { access, id } = await household();
    const { options } = await access.passkeys.beginAdding(id, AT);
    expect(options.authenticatorSelection).toMatchObject({
      residentKey: "required",
      userVerification: "required",
    });
    expect(options.attestation).toBe("none");
    const { options: asked } = await access.passkeys.beginSignIn(AT);
    expect(asked).toMatchObject({ rpId: PORTAL, userVerification: "required" });
    expect(asked.allowCredentials).toBeUndefined();
  });

  test("outlives a restart of the door", async () => {
    const { world, passkey } = await withPasskey({ counter: 3 });
    expect((await signIn(await world.open(), passkey, { counter: 4 })).is).toBe("signed-in");
    const again = await signIn(await world.open(), passkey, { counter: 4 });
    expect(again).toEqual({ is: "refused", why: "stopped" });
  });

  test("is one of several: the browser is told which its person has", async () => {
    const { access, id, passkey } = await withPasskey();
    const { options } = await add(access, id);
    expect(options.excludeCredentials?.map((one) => one.id)).toEqual([passkey.id]);
    expect(access.passkeys.list(id)).toHaveLength(2);
  });

  test("is never taken in place of another with the same id", async () => {
    const { access, id, passkey } = await withPasskey();
    const { id: other } = await pairDevice(access, "Ben's phone");
    const { options, key } = await access.passkeys.beginAdding(other, AT);
    const { made: response } = makePasskey(options, ORIGIN, { id: passkey.id });
    const forged = { ...AT, response, key, origin: ORIGIN };
    expect(await access.passkeys.add(other, forged, "")).toEqual({ is: "refused", why: "known" });
    expect(access.passkeys.list(id)).toHaveLength(1);
  });

  test.each<[string, Bent]>([
    ["another page's origin", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: `https://${PORTAL}:9999` }],
    ["another host", { host: "evil.local" }],
    ["another challenge", { challenge: "AAAA" }],
    ["nobody who proved who they are", { isVerified: false }],
  ])("is not made, and signs nobody in, with %s", async (_, bent) => {
    const { access, id, passkey } = await withPasskey();
    const { added } = await add(access, id, bent);
    expect(added).toEqual({ is: "refused", why: "unproven" });
    expect(await signIn(access, passkey, bent)).toEqual({ is: "refused", why: "unproven" });
  });

  test("signs nobody in who says it is somebody else's", async () => {
    const { access, passkey } = await withPasskey();
    const userHandle = Buffer.from("0123456789abcdef").toString("base64url");
    expect(await signIn(access, passkey, { userHandle })).toMatchObject({ why: "unproven" });
  });

  test.each([
    ["nothing", undefined],
    ["a text", "passkey"],
    ["an empty answer", {}],
    ["fields of other kinds", { id: "AA", rawId: "AA", type: "public-key", response: [1] }],
    ["bytes that are none", { id: "A!", rawId: "A!", type: "public-key", response: {} }],
  ])("is not %s", async (_, response) => {
    const { access, id } = await household();
    const adding = await access.passkeys.beginAdding(id, AT);
    const added = { ...AT, response, key: adding.key, origin: ORIGIN };
    expect(await access.passkeys.add(id, added, "")).toMatchObject({ why: "unproven" });
    const { key } = await access.passkeys.beginSignIn(AT);
    const signed = { ...AT, response, key, origin: ORIGIN };
    expect(await access.passkeys.signIn(signed, FIREFOX)).toMatchObject({ why: "unproven" });
  });

  test("cannot be made or used at an address, and says so", async () => {
    const { access, id } = await household();
    const at = { host: "192.168.1.9", address: "192.168.1.20" };
    const refused = { code: "PASSKEY_NEEDS_NAME" };
    await expect(access.passkeys.beginAdding(id, at)).rejects.toMatchObject(refused);
    await expect(access.passkeys.beginSignIn(at)).rejects.toMatchObject(refused);
  });
});

describe("a challenge", () => {
  test("is good once, whatever came of it", async () => {
    const { access, passkey } = await withPasskey();
    const { options, key } = await access.passkeys.beginSignIn(AT);
    const answer = { ...AT, response: passkey.sign(options), key, origin: ORIGIN };
    expect((await access.passkeys.signIn(answer, FIREFOX)).is).toBe("signed-in");
    expect(await access.passkeys.signIn(answer, FIREFOX)).toMatchObject({ why: "late" });
  });

  test("is good in the browser that asked alone, at that host, for five minutes", async () => {
    const { world, access, passkey } = await withPasskey();
    const ask = async () => {
      const { options, key } = await access.passkeys.beginSignIn(AT);
      return { ...AT, response: passkey.sign(options), key, origin: ORIGIN };
    };
    const other = await access.passkeys.beginSignIn(AT);
    const late = { is: "refused", why: "late" };
    const mixed = { ...(await ask()), key: other.key };
    expect(await access.passkeys.signIn(mixed, FIREFOX)).toMatchObject({ why: "unproven" });
    const keyless = { ...(await ask()), key: undefined };
    expect(await access.passkeys.signIn(keyless, FIREFOX)).toEqual(late);
    const elsewhere = { ...(await ask()), host: "genkan.localhost" };
    expect(await access.passkeys.signIn(elsewhere, FIREFOX)).toEqual(late);
    const slow = await ask();
    world.pass(CHALLENGE_LIFE);
    expect(await access.passkeys.signIn(slow, FIREFOX)).toEqual(late);
  });

  test("for adding signs nobody in, and adds to no other device", async () => {
    const { access, id, passkey } = await withPasskey();
    const { id: other } = await pairDevice(access, "Ben's phone");
    const adding = await access.passkeys.beginAdding(id, AT);
    const { challenge } = adding.options;
    const response = passkey.sign({ challenge, rpId: PORTAL });
    const signed = { ...AT, response, key: adding.key, origin: ORIGIN };
    expect(await access.passkeys.signIn(signed, FIREFOX)).toMatchObject({ why: "late" });
    const again = await access.passkeys.beginAdding(id, AT);
    const { made } = makePasskey(again.options, ORIGIN);
    const added = { ...AT, response: made, key: again.key, origin: ORIGIN };
    expect(await access.passkeys.add(other, added, "")).toMatchObject({ why: "late" });
  });
});

describe("a counter that goes back", () => {
  test("stops the passkey for good: there may be a copy of it", async () => {
    const { world, access, id, passkey } = await withPasskey({ counter: 7 });
    expect(await signIn(access, passkey, { counter: 7 })).toEqual({
      is: "refused",
      why: "stopped",
    });
    expect(await signIn(access, passkey, { counter: 9 })).toMatchObject({ why: "stopped" });
    expect(access.passkeys.list(id)).toMatchObject([{ isStopped: true }]);
    const told = world.audited.filter(({ event }) => event === "passkey.stopped");
    expect(told).toMatchObject([{ level: "warn", device: id, name: "Key" }]);
  });

  test("is believed from the passkey alone: strangers can stop nobody's", async () => {
    const { access, passkey } = await withPasskey({ counter: 7 });
    const bent = { counter: 1, origin: "https://evil.example" };
    expect(await signIn(access, passkey, bent)).toMatchObject({ why: "unproven" });
    expect((await signIn(access, passkey, { counter: 8 })).is).toBe("signed-in");
  });

  test("does not where it always says 0", async () => {
    const { access, passkey } = await withPasskey();
    expect((await signIn(access, passkey)).is).toBe("signed-in");
    expect((await signIn(access, passkey)).is).toBe("signed-in");
  });
});

describe("who may do what with one", () => {
  test("its person renames and removes it, from any of their browsers; nobody else", async () => {
    const { access, id, passkey } = await withPasskey();
    const { device } = await signedInWith(access, passkey);
    const { id: other } = await pairDevice(access, "Ben's phone");
    const unknown = { code: "PASSKEY_UNKNOWN" };
    await expect(access.passkeys.remove(other, passkey.id)).rejects.toMatchObject(unknown);
    await expect(access.passkeys.rename(other, passkey.id, "x")).rejects.toMatchObject(unknown);
    expect(access.passkeys.list(other)).toEqual([]);
    await access.passkeys.rename(device.id, passkey.id, "Blue\u0000key");
    expect(access.passkeys.list(id)).toMatchObject([{ name: "Blue key" }]);
    await access.passkeys.remove(device.id, passkey.id);
    expect(await signIn(access, passkey)).toEqual({ is: "refused", why: "unknown" });
  });

  test("a guest's ends with the guest, and so does every browser it signed in", async () => {
    const { world, access } = await household();
    const expires = world.clock.now() + 3_600_000;
    const guest = await pairDevice(access, "Guest", { role: "guest", expires });
    const { passkey } = await add(access, guest.id);
    const { token, device } = await signedInWith(access, passkey);
    expect(device).toMatchObject({ role: "guest", expires });
    world.pass(3_600_000);
    expect(deviceBehind(access, token)).toBeUndefined();
    expect(await signIn(access, passkey)).toMatchObject({ why: "unknown" });
  });
});

describe("revoking", () => {
  test("the passkey's device ends its passkeys and all that came in through it", async () => {
    const { access, id, passkey } = await withPasskey();
    const first = await signedInWith(access, passkey);
    const { passkey: second } = await add(access, first.device.id);
    const through = await signedInWith(access, second, { name: "Chrome on Mac", kind: "mac" });
    const ended: string[] = [];
    access.onEnd((device) => ended.push(device));
    await access.revoke(id);
    expect(ended).toEqual([id, first.device.id, through.device.id]);
    expect(access.devices.list()).toEqual([]);
    for (const { token } of [first, through]) expect(deviceBehind(access, token)).toBeUndefined();
    for (const one of [passkey, second]) {
      expect(await signIn(access, one)).toMatchObject({ why: "unknown" });
    }
  });

  test("a browser that came in through it leaves the rest as it is", async () => {
    const { access, id, passkey } = await withPasskey();
    const { device, token } = await signedInWith(access, passkey);
    const { passkey: its } = await add(access, device.id);
    await access.revoke(device.id);
    expect(deviceBehind(access, token)).toBeUndefined();
    expect(access.passkeys.list(id)).toMatchObject([{ id: passkey.id }]);
    expect(await signIn(access, its)).toMatchObject({ why: "unknown" });
    expect((await signIn(access, passkey)).is).toBe("signed-in");
  });

  test("cut off before its passkeys were gone leaves none that signs in", async () => {
    const { world, passkey } = await withPasskey();
    const devices = join(world.dir, "devices.json");
    writeFileSync(devices, JSON.stringify({ version: 1, rows: [] }));
    const access = await world.open();
    expect(await signIn(access, passkey)).toMatchObject({ why: "unknown" });
  });

  test("is not undone by another role, which all that came in through it share", async () => {
    const { access, id, passkey } = await withPasskey();
    await pairDevice(access, "Other", { role: "owner" });
    const { token } = await signedInWith(access, passkey);
    await access.change(id, { role: "member" });
    expect(deviceBehind(access, token)?.role).toBe("member");
  });
});

describe("a browser that was signed out", () => {
  test("is taken up again, and so is the passkey's own device", async () => {
    const { access, id, passkey } = await withPasskey();
    const { device } = await signedInWith(access, passkey);
    expect((await signedInWith(access, passkey)).device.id).not.toBe(device.id);
    await access.signOut(device.id);
    expect((await signedInWith(access, passkey)).device.id).toBe(device.id);
    await access.signOut(id);
    const phone = await signedInWith(access, passkey, { name: "Safari on iPhone", kind: "iphone" });
    expect(phone.device.id).toBe(id);
  });
});

test("a disk that takes nothing signs nobody in, and lets no device in by halves", async () => {
  const { world, access, passkey } = await withPasskey({ counter: 1 });
  const path = join(world.dir, "devices.json");
  const kept = readFileSync(path);
  rmSync(path);
  mkdirSync(path); // nothing can be renamed onto it
  const failed = signIn(access, passkey, { counter: 2 });
  await expect(failed).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
  expect(access.devices.list()).toHaveLength(1);
  rmSync(path, { recursive: true });
  writeFileSync(path, kept);
  expect((await signIn(access, passkey, { counter: 3 })).is).toBe("signed-in");
});

test("a file that cannot be understood is left as it is, and lets nobody in", async () => {
  const { world } = await withPasskey();
  const path = join(world.dir, "passkeys.json");
  for (const text of ["{", '{"version":1,"rows":[{"id":"x"}]}']) {
    writeFileSync(path, text);
    await expect(world.open()).rejects.toMatchObject({ code: "ACCESS_STATE_DAMAGED" });
  }
  writeFileSync(path, '{"version":9,"rows":[]}');
  await expect(world.open()).rejects.toMatchObject({ code: "ACCESS_STATE_FOREIGN" });
});
