import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AuthorityWorld, worldWithAuthority } from "../../test/support/authority.ts";
import { type Authority, createAuthority } from "./authority.ts";
import { leafPath } from "./leaf-files.ts";
import { createLeafVault, type LeafVault } from "./vault.ts";

const DAY = 24 * 60 * 60 * 1000;
const coded = (code: string) => expect.objectContaining({ code });

interface VaultWorld extends AuthorityWorld {
  readonly authority: Authority;
  readonly vault: LeafVault;
  /** What the door answers for. */
  readonly plan: Set<string>;
  readonly machine: { addresses: string[] };
  /** The door opened again: another vault on the same folder. */
  again(authority?: Authority): LeafVault;
}

async function vaultWorld(): Promise<VaultWorld> {
  const world = await worldWithAuthority();
  const plan = new Set(["hello.local", "wiki.local"]);
  const machine = { addresses: ["192.168.1.20"] };
  const again = (authority = world.authority): LeafVault => {
    const vault = createLeafVault({
      ...world,
      authority,
      addresses: () => machine.addresses,
      allowed: (name) => plan.has(name),
    });
    onTestFinished(() => vault.stop());
    return vault;
  };
  return { ...world, plan, machine, vault: again(), again };
}

const issued = ({ entries }: AuthorityWorld): number =>
  entries.filter(({ event }) => event === "leaf.issued").length;
const leafOf = ({ certPem }: { certPem: string }): X509Certificate => new X509Certificate(certPem);

describe("a leaf for a name of the plan", () => {
  test("is made at the first need, and the same one served from then on", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    expect(leafOf(first).subjectAltName).toBe("DNS:hello.local");
    expect(await world.vault.leafFor("hello.local")).toBe(first);
    expect(await world.vault.leafFor("HELLO.local")).toBe(first);
    expect(issued(world)).toBe(1);
  });

  test("is made once however many ask at once", async () => {
    const world = await vaultWorld();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => world.vault.leafFor("hello.local")),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(issued(world)).toBe(1);
  });

  test("comes with its own key and the intermediate, without the root", async () => {
    const world = await vaultWorld();
    const { certPem, keyPem } = await world.vault.leafFor("hello.local");
    expect(leafOf({ certPem }).checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    expect(certPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(certPem.endsWith(world.authority.intermediate!.pem)).toBe(true);
  });

  test("is refused for a name that is not in the plan, and leaves no trace", async () => {
    const world = await vaultWorld();
    await expect(world.vault.leafFor("stranger.local")).rejects.toEqual(
      coded("PKI_NAME_NOT_SERVED"),
    );
    await expect(world.vault.leafFor("../../etc/passwd")).rejects.toEqual(
      coded("PKI_NAME_NOT_SERVED"),
    );
    await world.vault.stop();
    expect(await readdir(world.dir)).toEqual(["authority"]);
  });

  test("is refused for a name in the plan that is outside the scope", async () => {
    const world = await vaultWorld();
    world.plan.add("www.example.com");
    await expect(world.vault.leafFor("www.example.com")).rejects.toEqual(
      coded("NAME_OUT_OF_SCOPE"),
    );
  });

  test("is refused once the name has left the plan", async () => {
    const world = await vaultWorld();
    await world.vault.leafFor("hello.local");
    world.plan.delete("hello.local");
    await expect(world.vault.leafFor("hello.local")).rejects.toEqual(coded("PKI_NAME_NOT_SERVED"));
  });
});

describe("time", () => {
  test("a leaf past two thirds is served at once and renewed meanwhile", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    world.clock.move(61 * DAY);
    expect(await world.vault.leafFor("hello.local")).toBe(first);
    expect(await world.vault.leafFor("hello.local")).toBe(first);
    await world.vault.stop();
    const next = await world.vault.leafFor("hello.local");
    expect(next.notAfter).toBeGreaterThan(first.notAfter);
    expect(issued(world)).toBe(2);
  });

  test("a machine that slept through the end never serves the expired leaf", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    world.clock.move(91 * DAY);
    const next = await world.vault.leafFor("hello.local");
    expect(next.id).not.toBe(first.id);
    expect(Date.parse(leafOf(next).validTo)).toBeGreaterThan(world.clock.now());
  });

  test("a leaf from a future that never came is replaced when the clock is set back", async () => {
    const world = await vaultWorld();
    world.clock.move(1000 * DAY);
    const future = await world.vault.leafFor("hello.local");
    world.clock.move(-1000 * DAY);
    const now = await world.vault.leafFor("hello.local");
    expect(now.id).not.toBe(future.id);
    expect(now.notBefore).toBeLessThanOrEqual(world.clock.now());
  });

  test("a clock before the authority's beginning leaves the old leaf in place: visitors' clocks may be right", async () => {
    const world = await vaultWorld();
    const leaf = await world.vault.leafFor("hello.local");
    world.clock.set(Date.UTC(1970, 0, 1));
    expect(await world.vault.leafFor("hello.local")).toBe(leaf);
    expect(world.entries.at(-1)).toMatchObject({
      event: "leaf.not-issued",
      why: { code: "PKI_CLOCK_BEHIND" },
    });
    const entries = world.entries.length;
    expect(await world.vault.leafFor("hello.local")).toBe(leaf);
    expect(world.entries).toHaveLength(entries); // no second attempt in the same minute
  });

  test("with no leaf at all, a clock before the authority's beginning is told", async () => {
    const world = await vaultWorld();
    world.clock.set(Date.UTC(1970, 0, 1));
    await expect(world.vault.leafFor("hello.local")).rejects.toEqual(coded("PKI_CLOCK_BEHIND"));
  });

  test("a leaf never outlives the authority, and after its end there is none", async () => {
    const world = await vaultWorld();
    const { notAfter } = world.authority.root;
    world.clock.set(notAfter - DAY);
    const last = await world.vault.leafFor("hello.local");
    expect(last.notAfter).toBe(notAfter);
    world.clock.set(notAfter);
    await expect(world.vault.leafFor("hello.local")).rejects.toEqual(
      coded("PKI_AUTHORITY_EXPIRED"),
    );
  });

  test("a renewal that fails keeps the leaf, and is tried again a minute later", async () => {
    const world = await vaultWorld();
    const { authority } = world;
    let isBroken = false;
    const vault = world.again({
      ...authority,
      issue: (request) => (isBroken ? Promise.reject(new Error("no")) : authority.issue(request)),
    });
    const first = await vault.leafFor("hello.local");
    world.clock.move(61 * DAY);
    isBroken = true;
    await vault.leafFor("hello.local");
    await vault.stop();
    expect(await vault.leafFor("hello.local")).toBe(first);
    isBroken = false;
    world.clock.move(60_000);
    await vault.leafFor("hello.local");
    await vault.stop();
    expect((await vault.leafFor("hello.local")).id).not.toBe(first.id);
  });

  test("a leaf that expires during a renewal that fails ends nothing but that handshake", async () => {
    const world = await vaultWorld();
    const { authority } = world;
    const vault = world.again({
      ...authority,
      issue: async (request) => {
        if (issued(world) === 0) return authority.issue(request);
        world.clock.move(30 * DAY);
        throw new Error("no");
      },
    });
    const first = await vault.leafFor("hello.local");
    world.clock.move(61 * DAY);
    expect(await vault.leafFor("hello.local")).toBe(first);
    await vault.stop();
    await expect(vault.leafFor("hello.local")).rejects.toThrow("no");
    await vault.stop();
  });
});

describe("on disk", () => {
  test("key and chain lie in one file that only its owner can read", async () => {
    const world = await vaultWorld();
    await world.vault.leafFor("hello.local");
    await world.vault.stop();
    const path = join(world.dir, "leaves", "leaf.hello.local.pem");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, "utf8")).match(/-----BEGIN .*-----/g)).toEqual([
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN CERTIFICATE-----",
      "-----BEGIN CERTIFICATE-----",
    ]);
    expect(await readdir(join(world.dir, "leaves"))).toHaveLength(1);
  });

  test("a door opened again serves the leaf it had", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    await world.vault.stop();
    expect(await world.again().leafFor("hello.local")).toEqual(first);
    expect(issued(world)).toBe(1);
  });

  test("a door opened again serves it without loading the X.509 library", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    await world.vault.stop();
    const program = join(import.meta.dirname, "../../test/support/programs/serve-stored-leaf.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--import",
      "tsx",
      program,
      world.dir,
    ]);
    expect(JSON.parse(stdout)).toEqual({ id: first.id, isLibraryLoaded: false });
  });

  test("a stored leaf that is due or expired is replaced", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    await world.vault.stop();
    world.clock.move(61 * DAY);
    expect((await world.again().leafFor("hello.local")).id).not.toBe(first.id);
  });

  test("after the authority was replaced, leaves of the old one are not served", async () => {
    const world = await vaultWorld();
    await world.vault.leafFor("hello.local");
    await world.vault.stop();
    const authority = await createAuthority({ ...world, replace: true });
    const { certPem } = await world.again(authority).leafFor("hello.local");
    const signer = new X509Certificate(authority.intermediate!.pem);
    expect(leafOf({ certPem }).verify(signer.publicKey)).toBe(true);
  });

  test.each([
    ["empty", () => ""],
    ["cut short", (text: string) => text.slice(0, text.length / 3)],
    [
      "with another's key",
      (text: string, other: string) =>
        other.split("-----BEGIN CERT")[0] + text.slice(text.indexOf("-----BEGIN CERT")),
    ],
    ["for another name", (_: string, other: string) => other],
  ])("a file that is %s is put by, and the leaf made anew", async (_, spoil) => {
    const world = await vaultWorld();
    const first = await world.vault.leafFor("hello.local");
    await world.vault.leafFor("wiki.local");
    await world.vault.stop();
    const path = leafPath(world.dir, { dns: ["hello.local"] });
    const other = await readFile(leafPath(world.dir, { dns: ["wiki.local"] }), "utf8");
    await writeFile(path, spoil(await readFile(path, "utf8"), other));
    const next = await world.again().leafFor("hello.local");
    expect(next.id).not.toBe(first.id);
    expect(leafOf(next).subjectAltName).toBe("DNS:hello.local");
    expect(leafOf(next).checkPrivateKey(createPrivateKey(next.keyPem))).toBe(true);
  });

  test("a disk that cannot be written keeps nobody out", async () => {
    const world = await vaultWorld();
    await writeFile(join(world.dir, "leaves"), "a file where the folder should be");
    const leaf = await world.vault.leafFor("hello.local");
    await world.vault.stop();
    expect(await world.vault.leafFor("hello.local")).toBe(leaf);
    expect(world.entries).toContainEqual(
      expect.objectContaining({ level: "error", event: "leaf.not-saved" }),
    );
  });

  test("a file that cannot be read keeps nobody out", async () => {
    const world = await vaultWorld();
    await mkdir(leafPath(world.dir, { dns: ["hello.local"] }), { recursive: true });
    await expect(world.vault.leafFor("hello.local")).resolves.toBeDefined();
    await world.vault.stop();
    await rm(join(world.dir, "leaves"), { recursive: true });
  });

  test("names of any length have a file name the disk can hold, and each its own", async () => {
    const long = (last: string) =>
      `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${last.repeat(60)}.local`;
    const paths = ["d", "e"].map((last) => leafPath("/x", { dns: [long(last)] }));
    expect(new Set(paths).size).toBe(2);
    for (const path of paths) expect(path.split("/").at(-1)!.length).toBeLessThan(255);
  });
});

describe("the leaf for addresses", () => {
  test("holds the loopback addresses and this machine's private ones, and no names", async () => {
    const world = await vaultWorld();
    world.machine.addresses = [
      "192.168.1.20",
      "203.0.113.9",
      "2001:db8::1",
      "fd00::20",
      "127.0.0.1",
    ];
    const leaf = leafOf(await world.vault.leafForAddresses());
    expect(leaf.subject ?? "").toBe("");
    expect(leaf.subjectAltName?.split(", ").toSorted()).toEqual([
      "IP Address:0:0:0:0:0:0:0:1",
      "IP Address:127.0.0.1",
      "IP Address:192.168.1.20",
      "IP Address:FD00:0:0:0:0:0:0:20",
    ]);
  });

  test("is made anew when the addresses change, and not when only their order does", async () => {
    const world = await vaultWorld();
    world.machine.addresses = ["192.168.1.20", "10.0.0.5"];
    const first = await world.vault.leafForAddresses();
    expect(await world.vault.leafForAddresses()).toBe(first);
    world.machine.addresses = ["10.0.0.5", "192.168.1.20"];
    expect(await world.vault.leafForAddresses()).toBe(first);
    world.machine.addresses = ["192.168.1.21"];
    const next = await world.vault.leafForAddresses();
    expect(leafOf(next).checkIP("192.168.1.21")).toBe("192.168.1.21");
    expect(leafOf(next).checkIP("192.168.1.20")).toBeUndefined();
  });

  test("that is being made while the addresses change is not taken for the new ones", async () => {
    const world = await vaultWorld();
    const early = world.vault.leafForAddresses();
    world.machine.addresses = ["192.168.1.21"];
    const late = await world.vault.leafForAddresses();
    expect(leafOf(await early).checkIP("192.168.1.20")).toBe("192.168.1.20");
    expect(leafOf(late).checkIP("192.168.1.21")).toBe("192.168.1.21");
  });

  test("is read back by a door opened again", async () => {
    const world = await vaultWorld();
    const first = await world.vault.leafForAddresses();
    await world.vault.stop();
    expect(await world.again().leafForAddresses()).toEqual(first);
  });
});
