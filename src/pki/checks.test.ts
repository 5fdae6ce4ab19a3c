import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { worldWithAuthority } from "../../test/support/authority.ts";
import { describeHost } from "../../test/support/host.ts";
import type { Finding } from "../kernel/check.ts";
import type { Host } from "../platform/host.ts";
import { type Authority, openAuthority } from "./authority.ts";
import { pkiChecks } from "./checks.ts";
import { FILES } from "./state.ts";

const DAY = 24 * 60 * 60 * 1000;
const here = describeHost({ uid: process.getuid?.() ?? -1 });

interface DoctorWorld {
  readonly dir: string;
  readonly authority: Authority;
  readonly clock: { move(ms: number): void; set(now: number): void };
  readonly look: (
    id: string,
    more?: { host?: Host; open?: () => Promise<Authority | undefined> },
  ) => Promise<Finding>;
}

async function doctorWorld(): Promise<DoctorWorld> {
  const world = await worldWithAuthority();
  return {
    ...world,
    look: async (id, { host = here, open = () => openAuthority(world) } = {}) => {
      const check = pkiChecks({ ...world, host, open }).find((one) => one.id === id);
      if (!check) throw new Error(`there is no check ${id}`);
      return check.look(AbortSignal.timeout(60_000));
    },
  };
}

const ALL = [
  "pki.authority",
  "pki.clock",
  "pki.expiry",
  "pki.key-rights",
  "pki.renewal",
  "pki.canary",
];

test("an authority just made is well in every respect, and looking changes nothing", async () => {
  const { look } = await doctorWorld();
  for (const id of ALL) expect([id, (await look(id)).state]).toEqual([id, "well"]);
});

test("where none was made yet, nothing is known and nothing is wrong", async () => {
  const { look } = await doctorWorld();
  for (const id of ALL) {
    expect(await look(id, { open: async () => undefined })).toMatchObject({ state: "unknown" });
  }
});

test("no check reports a symptom before its cause: all depend on the authority", async () => {
  const world = await worldWithAuthority();
  const checks = pkiChecks({ ...world, host: here, open: () => openAuthority(world) });
  expect(checks.map(({ id }) => id)).toEqual(ALL);
  for (const { dependsOn } of checks.slice(1)) expect(dependsOn).toContain("pki.authority");
});

describe("the authority", () => {
  test("that is damaged is unwell, with the way out", async () => {
    const { look, authority } = await doctorWorld();
    await rm(authority.root.path);
    expect(await look("pki.authority")).toMatchObject({
      state: "unwell",
      severity: "high",
      says: expect.stringContaining("root.pem is missing") as string,
      fix: { says: expect.stringContaining("genkan root --replace") as string },
    });
  });

  test("that is mkcert's works, and could be better", async () => {
    const { look, authority } = await doctorWorld();
    const open = async (): Promise<Authority> => ({ ...authority, warning: "It has no limits." });
    expect(await look("pki.authority", { open })).toMatchObject({
      state: "unwell",
      severity: "low",
      says: "It has no limits.",
    });
  });

  test("whose opening breaks in a way nobody foresaw is not called damaged", async () => {
    const { look } = await doctorWorld();
    const open = (): Promise<never> => Promise.reject(new Error("a bug"));
    await expect(look("pki.authority", { open })).rejects.toThrow("a bug");
  });
});

describe("the clock", () => {
  test("before the authority's beginning is wrong", async () => {
    const { look, clock } = await doctorWorld();
    clock.set(Date.UTC(1970, 0, 1));
    expect(await look("pki.clock")).toMatchObject({
      state: "unwell",
      severity: "high",
      says: expect.stringContaining("1970-01-01") as string,
      fix: { command: "timedatectl set-ntp true" },
    });
    const mac = describeHost({ os: "macos" });
    expect(await look("pki.clock", { host: mac })).not.toHaveProperty("fix.command");
  });
});

describe("the root's end", () => {
  test("half a year ahead is worth a word, and once there it is a trouble", async () => {
    const { look, clock, authority } = await doctorWorld();
    clock.set(authority.root.notAfter - 179 * DAY);
    expect(await look("pki.expiry")).toMatchObject({ state: "unwell", severity: "low" });
    clock.set(authority.root.notAfter);
    expect(await look("pki.expiry")).toMatchObject({ state: "unwell", severity: "high" });
    expect(await look("pki.renewal")).toMatchObject({ state: "unwell", severity: "high" });
  });
});

describe("the key's rights", () => {
  test.each([0o640, 0o604, 0o666])("%o lets others read it", async (mode) => {
    const { look, dir } = await doctorWorld();
    const path = join(dir, "authority", FILES.key);
    await chmod(path, mode);
    expect(await look("pki.key-rights")).toMatchObject({
      state: "unwell",
      severity: "high",
      fix: { command: `chmod 600 ${path}` },
    });
  });

  test("belong to this user, or to root's care", async () => {
    const { look } = await doctorWorld();
    const stranger = describeHost({ uid: 4242 });
    expect(await look("pki.key-rights", { host: stranger })).toMatchObject({
      state: "unwell",
      fix: { command: expect.stringContaining("sudo chown ada ") as string },
    });
    const root = describeHost({ uid: 4242, isRoot: true });
    expect(await look("pki.key-rights", { host: root })).toMatchObject({ state: "well" });
  });

  test("are the profile's on Windows", async () => {
    const { look } = await doctorWorld();
    const windows = describeHost({ os: "windows" });
    expect(await look("pki.key-rights", { host: windows })).toMatchObject({ state: "well" });
  });

  test("of an mkcert root are asked of mkcert's key", async () => {
    const { look, authority } = await doctorWorld();
    const open = async (): Promise<Authority> => ({ ...authority, kind: "mkcert" });
    await expect(look("pki.key-rights", { open })).rejects.toThrow(/rootCA-key\.pem/);
  });
});

test("a renewal that breaks in a way nobody foresaw is not explained away", async () => {
  const { look, authority } = await doctorWorld();
  const open = async (): Promise<Authority> => ({
    ...authority,
    issue: () => Promise.reject(new Error("a bug")),
  });
  await expect(look("pki.renewal", { open })).rejects.toThrow("a bug");
});
