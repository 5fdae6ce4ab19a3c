import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { newKeys, RSA, throwawayRoot } from "../../test/support/throwaway-root.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { runProgram } from "../platform/run.ts";
import { rootOf, type Root } from "./needs.ts";
import type { TrustStore } from "./store.ts";
import { storesFor } from "./stores.ts";
import { trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "/home/ada/root.pem");

test("certutil that is missing is asked for in the distribution's own words", async () => {
  for (const [distro, command] of [
    ["debian", "sudo apt install libnss3-tools"],
    ["fedora", "sudo dnf install nss-tools"],
    ["arch", "sudo pacman -S nss"],
    ["suse", "sudo zypper install mozilla-nss-tools"],
  ] as const) {
    const files = { root: machineWith({ "/home/ada/.pki/nssdb/cert9.db": "" }) };
    const host = describeHost({ distro: [distro] });
    const stores = await storesFor({ host, run: recordingRun(() => "missing").run, files });
    await expect(stores.at(-1)?.has(root)).rejects.toMatchObject({
      code: "TRUST_TOOL_MISSING",
      fix: command,
    });
  }
});

test("a database that cannot be read is no database without the root", async () => {
  const files = { root: machineWith({ "/home/ada/.pki/nssdb/cert9.db": "" }) };
  const stores = await storesFor({ host: describeHost(), run: recordingRun(() => 255).run, files });
  await expect(stores.at(-1)?.has(root)).rejects.toMatchObject({ code: "TRUST_STORE_FAILED" });
});

test("what would be done is told in commands that can be pasted", async () => {
  const files = { root: machineWith({ "/usr/bin/chromium": "" }) };
  const { run, started } = recordingRun();
  const store = (await storesFor({ host: describeHost({ distro: [] }), run, files }))[0];
  const commands = store?.plan(root, "install").map(({ command }) => command);
  expect(commands?.[0]).toBe(
    "certutil -N --empty-password -d sql:/home/ada/.local/share/pki/nssdb",
  );
  expect(commands?.[1]).toMatch(/^certutil -A -a -t C,, -n 'Genkan root [0-9a-f]{16}' -d sql:/);
  expect(started).toEqual([]);
});

describeWithTools("a real NSS database", ["certutil"], () => {
  test("is made where there is none, holds the root once, and gives it up again", async () => {
    const { store, folder } = await freshStore();
    expect(await store.has(root)).toBe(false);
    expect(existsSync(folder)).toBe(false);
    expect(await apply(trustRoot, store)).toBe("done");
    expect(await apply(trustRoot, store)).toBe("already");
    await store.install(root);
    expect((await nicknames(folder)).length).toBe(1);
    expect(await apply(untrustRoot, store)).toBe("done");
    expect(await apply(untrustRoot, store)).toBe("already");
    await store.remove(root);
    expect(await nicknames(folder)).toEqual([]);
  });

  test("stays as it is in a dry run", async () => {
    const { store, folder } = await freshStore();
    const request = { root, stores: [store], report: () => undefined };
    expect(await trustRoot({ ...request, dryRun: true })).toMatchObject([{ outcome: "planned" }]);
    expect(existsSync(folder)).toBe(false);
  });

  test("gives up this very certificate, and none of its name, nickname or subject", async () => {
    const { store, folder } = await freshStore();
    const others = [
      // certutil lists the newest first: one on either side of ours.
      rootOf(await throwawayRoot({ from: Date.now() - 7_200_000 }), ""),
      rootOf(await throwawayRoot({ from: Date.now() - 60_000 }), ""),
    ];
    await store.install(others[0]!);
    for (const other of [root, others[1]!])
      await add(folder, other, { name: "our old root", flags: "C,," });
    expect(await Promise.all([root, ...others].map((r) => store.has(r)))).toEqual([
      true,
      true,
      true,
    ]);
    await store.remove(root);
    expect(await Promise.all([root, ...others].map((r) => store.has(r)))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("does not count a certificate that is there and not trusted, and trusts it when asked", async () => {
    const { store, folder } = await freshStore();
    await store.install(rootOf(await throwawayRoot({ name: "another" }), ""));
    await add(folder, root, { name: "seen once", flags: ",," });
    expect(await store.has(root)).toBe(false);
    expect(await apply(trustRoot, store)).toBe("done");
    expect((await nicknames(folder)).length).toBe(2);
  });

  test("holds an RSA root, as mkcert makes them", async () => {
    const { store } = await freshStore();
    const rsa = rootOf(await throwawayRoot({ keys: await newKeys(RSA) }), "");
    await store.install(rsa);
    expect(await store.has(rsa)).toBe(true);
    await store.remove(rsa);
    expect(await store.has(rsa)).toBe(false);
  });

  test("is left alone where two certificates have one key and one name", async () => {
    const { store } = await freshStore();
    const keys = await newKeys();
    const twins = [
      rootOf(await throwawayRoot({ keys, serial: "0b" }), ""),
      rootOf(await throwawayRoot({ keys, serial: "0c" }), ""),
    ];
    for (const twin of twins) await store.install(twin);
    const ends = await Promise.allSettled(twins.map((twin) => store.remove(twin)));
    expect(ends).toMatchObject([
      { status: "rejected", reason: { code: "TRUST_NSS_AMBIGUOUS" } },
      { status: "rejected", reason: { code: "TRUST_NSS_AMBIGUOUS" } },
    ]);
    expect(await Promise.all(twins.map((twin) => store.has(twin)))).toEqual([true, true]);
  });

  test("behind a primary password is not asked for it, and keeps nothing half done", async () => {
    const { store, folder } = await freshStore();
    mkdirSync(folder, { recursive: true });
    const password = join(folder, "password");
    writeFileSync(password, "tanuki\n");
    await runProgram("certutil", ["-N", "-d", `sql:${folder}`, "-f", password]);
    const results = await trustRoot({
      root,
      stores: [store],
      dryRun: false,
      report: () => undefined,
    });
    expect(results).toMatchObject([{ outcome: "failed", error: { code: "TRUST_NSS_LOCKED" } }]);
    expect(await nicknames(folder)).toEqual([]);
  });

  test("of a Firefox profile works like any other", async () => {
    const home = tempFolder();
    const profile = join(home, ".mozilla/firefox/a1.default");
    mkdirSync(profile, { recursive: true });
    await runProgram("certutil", ["-N", "--empty-password", "-d", `sql:${profile}`]);
    const host = describeHost({ home, distro: [] });
    const stores = await storesFor({ host, run: runProgram, files: { root: "/" } });
    const store = stores.find(({ id }) => id === `firefox:${profile}`)!;
    expect(await apply(trustRoot, store)).toBe("done");
    expect(await apply(untrustRoot, store)).toBe("done");
  });
});

/** A home with a browser that has no database yet. */
async function freshStore(): Promise<{ store: TrustStore; folder: string }> {
  const machine = machineWith({ "/usr/bin/chromium": "" });
  const host = describeHost({ distro: [] });
  const stores = await storesFor({ host, run: runProgram, files: { root: machine } });
  return { store: stores[0]!, folder: join(machine, "/home/ada/.local/share/pki/nssdb") };
}

async function apply(change: typeof trustRoot, store: TrustStore): Promise<string | undefined> {
  const request = { root, stores: [store], dryRun: false, report: () => undefined };
  return (await change(request))[0]?.outcome;
}

interface Entry {
  readonly name: string;
  readonly flags: string;
}

async function add(folder: string, other: Root, { name, flags }: Entry): Promise<void> {
  const args = ["-A", "-a", "-n", name, "-t", flags, "-d", `sql:${folder}`];
  await runProgram("certutil", args, { input: other.pem });
}

async function nicknames(folder: string): Promise<string[]> {
  const { stdout } = await runProgram("certutil", ["-L", "-d", `sql:${folder}`]);
  return stdout.split("\n").slice(4).filter(Boolean);
}
