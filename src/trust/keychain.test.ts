import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { recordingRun } from "../../test/support/run.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import type { Host } from "../platform/host.ts";
import { rootOf } from "./needs.ts";
import type { TrustStore } from "./store.ts";
import { storesFor } from "./stores.ts";
import { trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "/Users/ada/root.pem");
const hash = root.fingerprint256.replaceAll(":", "");

/** What a Mac's keychain would do, as far as the store can see. */
class Mac {
  readonly started: string[];
  readonly store: Promise<TrustStore>;
  readonly tmp = tempFolder();
  hashes: string[] = [];
  trusted = false;
  /** A person who closes the window that asks for the password. */
  refuses = false;

  constructor(more: Partial<Host> = {}) {
    const { run, started } = recordingRun((line) => this.#answer(line));
    this.started = started;
    const host = describeHost({
      os: "macos",
      distro: [],
      home: "/Users/ada",
      tmp: this.tmp,
      ...more,
    });
    this.store = storesFor({ host, run, files: { root: tempFolder() } }).then((all) => all[0]!);
  }

  #answer(line: string): string | number {
    const verb = line.split(" ")[1];
    if (verb === "find-certificate") {
      return this.hashes.map((h) => `SHA-256 hash: ${h}\nSHA-1 hash: ${h.slice(24)}\n`).join("");
    }
    if (verb === "verify-cert") return this.trusted ? "" : 1;
    if (this.refuses) return 1;
    if (verb === "add-trusted-cert") {
      this.hashes.push(hash);
      this.trusted = true;
    }
    if (verb === "remove-trusted-cert") this.trusted = false;
    if (verb === "delete-certificate") this.hashes = this.hashes.filter((h) => !line.includes(h));
    return "";
  }
}

const request = async (mac: Mac) => ({
  root,
  stores: [await mac.store],
  dryRun: false,
  report: () => undefined,
});

test("an ordinary user's trust goes into their login keychain", async () => {
  const mac = new Mac();
  expect(await trustRoot(await request(mac))).toMatchObject([{ outcome: "done" }]);
  const added = mac.started.filter((line) => line.includes("add-trusted-cert"));
  expect(added).toEqual([
    expect.stringMatching(
      /^\/usr\/bin\/security add-trusted-cert -r trustRoot -k \/Users\/ada\/Library\/Keychains\/login\.keychain-db .*root\.pem$/,
    ),
  ]);
  expect(readdirSync(mac.tmp)).toEqual([]);
});

test("root sets trust for everybody, in the System keychain", async () => {
  const mac = new Mac({ isRoot: true, uid: 0, env: {} });
  await trustRoot(await request(mac));
  expect(mac.started.find((line) => line.includes("add-trusted-cert"))).toContain(
    "add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ",
  );
});

test("a certificate that is there and not trusted does not count", async () => {
  const mac = new Mac();
  mac.hashes = [hash];
  expect(await (await mac.store).has(root)).toBe(false);
  mac.trusted = true;
  expect(await (await mac.store).has(root)).toBe(true);
});

test("a trusted certificate with another hash does not count", async () => {
  const mac = new Mac();
  mac.hashes = ["00".repeat(32)];
  mac.trusted = true;
  expect(await (await mac.store).has(root)).toBe(false);
});

test("removal names the certificate by its whole hash, and leaves the others", async () => {
  const mac = new Mac();
  mac.hashes = [hash, "00".repeat(32)];
  mac.trusted = true;
  expect(await untrustRoot(await request(mac))).toMatchObject([{ outcome: "done" }]);
  expect(mac.hashes).toEqual(["00".repeat(32)]);
  expect(mac.started.find((line) => line.includes("delete-certificate"))).toContain(` -Z ${hash} `);
  mac.started.length = 0;
  await (await mac.store).remove(root);
  expect(mac.started.filter((line) => !line.includes("find-certificate"))).toEqual([]);
});

test("a closed password window is a failure, not a success", async () => {
  const mac = new Mac();
  mac.refuses = true;
  expect(await trustRoot(await request(mac))).toMatchObject([
    { outcome: "failed", error: { code: "TRUST_STORE_FAILED" } },
  ]);
});

test("the password window is announced before anything is done", async () => {
  const mac = new Mac();
  const store = await mac.store;
  for (const action of ["install", "remove"] as const) {
    expect(store.plan(root, action)[0]?.says).toContain("password");
  }
  const result = await trustRoot({ ...(await request(mac)), dryRun: true });
  expect(result).toMatchObject([{ outcome: "planned" }]);
  expect(mac.started.filter((line) => !line.includes("find-certificate"))).toEqual([]);
});

test("a Mac without its security program is named, not taken for an untrusting one", async () => {
  const { run } = recordingRun((line) =>
    line.includes("find-certificate") ? `SHA-256 hash: ${hash}` : "missing",
  );
  const host = describeHost({ os: "macos", distro: [], tmp: tempFolder() });
  const [store] = await storesFor({ host, run, files: { root: tempFolder() } });
  await expect(store?.has(root)).rejects.toMatchObject({ code: "TRUST_TOOL_MISSING" });
});
