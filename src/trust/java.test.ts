import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import { describeWithTools, toolPath } from "../../test/support/tools.ts";
import { type Run, runProgram } from "../platform/run.ts";
import { rootOf } from "./needs.ts";
import type { TrustStore } from "./store.ts";
import { storesFor } from "./stores.ts";
import { trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "/home/ada/root.pem");
const JDK = "/usr/lib/jvm/jdk-21";

test("a JDK with a keystore of its own is a store, once, however many names lead to it", async () => {
  const machine = machineWith({ [`${JDK}/lib/security/cacerts`]: "", [`${JDK}/bin/keytool`]: "" });
  symlinkSync(join(machine, JDK), join(machine, "/usr/lib/jvm/default"));
  expect(await javaStores(machine, { JAVA_HOME: JDK })).toEqual([
    `java:${join(machine, JDK, "lib/security/cacerts")}`,
  ]);
});

test("the keystore that the system's store feeds is not ours to change", async () => {
  for (const [distro, path, count] of [
    ["fedora", "/etc/pki/ca-trust/extracted/java/cacerts", 0],
    ["arch", "/etc/ca-certificates/extracted/java-cacerts.jks", 0],
    ["suse", "/var/lib/ca-certificates/java-cacerts", 0],
    // Debian's hook only ever adds: taking out is up to us.
    ["debian", "/etc/ssl/certs/java/cacerts", 1],
  ] as const) {
    const machine = machineWith({ [path]: "", [`${JDK}/bin/keytool`]: "" });
    mkdirSync(join(machine, JDK, "lib/security"), { recursive: true });
    symlinkSync(join(machine, path), join(machine, JDK, "lib/security/cacerts"));
    expect(await javaStores(machine, {}, distro)).toHaveLength(count);
  }
});

test("Java 8's place and a person's own JDKs are found", async () => {
  const machine = machineWith({
    "/usr/lib/jvm/java-8/jre/lib/security/cacerts": "",
    "/home/ada/.sdkman/candidates/java/25-tem/lib/security/cacerts": "",
  });
  expect((await javaStores(machine, {})).length).toBe(2);
});

test("a Mac's JDKs are found below Contents/Home", async () => {
  const file = "/Library/Java/JavaVirtualMachines/t.jdk/Contents/Home/lib/security/cacerts";
  const machine = machineWith({ [file]: "" });
  const host = describeHost({ os: "macos", distro: [], env: {} });
  const stores = await storesFor({ host, run: recordingRun().run, files: { root: machine } });
  expect(stores.map(({ id }) => id)).toEqual(["keychain", `java:${join(machine, file)}`]);
});

test("a keystore of another user needs root", async () => {
  const machine = machineWith({ [`${JDK}/lib/security/cacerts`]: "" });
  const owner = process.getuid?.() ?? 0;
  const needs = async (uid: number, isRoot: boolean): Promise<boolean | undefined> => {
    const host = describeHost({ uid, isRoot, distro: [], env: {} });
    const stores = await storesFor({ host, run: recordingRun().run, files: { root: machine } });
    return stores[0]?.needsRoot;
  };
  expect(await needs(owner, false)).toBe(false);
  expect(await needs(owner + 1, false)).toBe(true);
  expect(await needs(0, true)).toBe(false);
});

test("keytool that is missing is said", async () => {
  const machine = machineWith({ [`${JDK}/lib/security/cacerts`]: "" });
  const host = describeHost({ distro: [], env: {} });
  const { run } = recordingRun(() => "missing");
  const stores = await storesFor({ host, run, files: { root: machine } });
  await expect(stores[0]?.has(root)).rejects.toMatchObject({ code: "TRUST_TOOL_MISSING" });
});

describeWithTools("a real Java keystore", ["keytool"], () => {
  test("takes the root, shows it, and gives it up, whoever named it", async () => {
    const { store, keytool } = await realStore();
    expect(await apply(trustRoot, store)).toBe("done");
    expect(await apply(trustRoot, store)).toBe("already");
    await keytool(["-importcert", "-noprompt", "-alias", "by hand"], root.pem);
    expect(await apply(untrustRoot, store)).toBe("done");
    expect(await apply(untrustRoot, store)).toBe("already");
  });

  test("keeps another root that has the same name", async () => {
    const { store } = await realStore();
    const earlier = rootOf(await throwawayRoot(), "");
    await store.install(earlier);
    await store.install(root);
    await store.remove(root);
    expect([await store.has(root), await store.has(earlier)]).toEqual([false, true]);
  });

  test("with a password of its own is left to the person, with the command", async () => {
    const { store, keytool } = await realStore();
    await keytool(["-storepasswd", "-new", "something-else"], "");
    await expect(store.install(root)).rejects.toMatchObject({
      code: "TRUST_JAVA_PASSWORD",
      fix: expect.stringContaining("keytool -importcert -alias genkan-root-") as string,
    });
  });
});

async function javaStores(
  machine: string,
  env: Record<string, string>,
  distro = "debian",
): Promise<string[]> {
  const { run } = recordingRun();
  const host = describeHost({ distro: [distro], env });
  const stores = await storesFor({ host, run, files: { root: machine } });
  return stores.map(({ id }) => id).filter((id) => id.startsWith("java:"));
}

interface RealStore {
  readonly store: TrustStore;
  readonly keytool: (args: readonly string[], input: string) => Promise<void>;
}

/** A described JDK whose keytool is this machine's, with a keystore that holds one other root. */
async function realStore(): Promise<RealStore> {
  const machine = machineWith({ [`${JDK}/bin/keytool`]: "" });
  const program = join(machine, JDK, "bin/keytool");
  writeFileSync(program, `#!/bin/sh\nexec ${toolPath("keytool")} "$@"\n`);
  chmodSync(program, 0o755);
  mkdirSync(join(machine, JDK, "lib/security"), { recursive: true });
  const cacerts = join(machine, JDK, "lib/security/cacerts");
  const keytool: RealStore["keytool"] = async (args, input) => {
    const all = [...args, "-keystore", cacerts, "-storepass", "changeit"];
    await runProgram("keytool", all, { input });
  };
  const other = rootOf(await throwawayRoot({ name: "another" }), "");
  await keytool(["-importcert", "-noprompt", "-alias", "another"], other.pem);
  const host = describeHost({ uid: process.getuid?.() ?? 0, distro: [], env: {} });
  const run: Run = runProgram;
  const stores = await storesFor({ host, run, files: { root: machine } });
  return { store: stores[0]!, keytool };
}

async function apply(change: typeof trustRoot, store: TrustStore): Promise<string | undefined> {
  const request = { root, stores: [store], dryRun: false, report: () => undefined };
  return (await change(request))[0]?.outcome;
}
