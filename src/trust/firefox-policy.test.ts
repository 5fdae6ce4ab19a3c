import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import { rootOf } from "./needs.ts";
import { certificatesIn } from "./pem.ts";
import type { TrustStore } from "./store.ts";
import { storesFor } from "./stores.ts";
import { trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "/home/ada/root.pem");
const POLICIES = "/etc/firefox/policies/policies.json";
const rest = { root, dryRun: false, report: () => undefined };

test("the root is copied to where every user's Firefox can read it, and named in the policies", async () => {
  const { machine, stores } = await firefoxMachine({});
  // A careful administrator's umask must not lock Firefox out.
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    { store: "firefox-policy", outcome: "done" },
  ]);
  const [entry = ""] = entriesOf(machine);
  expect(entry).toMatch(/^\/etc\/firefox\/policies\/genkan-root-[0-9a-f]{16}\.pem$/);
  const [der] = certificatesIn(readFileSync(join(machine, entry), "utf8"));
  expect(Buffer.from(root.der).equals(der ?? Buffer.alloc(0))).toBe(true);
  expect(modeOf(machine, entry)).toBe(0o644);
  expect(modeOf(machine, POLICIES)).toBe(0o644);
  expect(modeOf(machine, "/etc/firefox/policies")).toBe(0o755);
  expect(modeOf(machine, "/etc/firefox")).toBe(0o755);
  expect(await trustRoot({ ...rest, stores })).toMatchObject([{ outcome: "already" }]);
});

test("what was made for the root goes with it", async () => {
  const { machine, stores } = await firefoxMachine({});
  await trustRoot({ ...rest, stores });
  const [entry = ""] = entriesOf(machine);
  expect(await untrustRoot({ ...rest, stores })).toMatchObject([{ outcome: "done" }]);
  expect([POLICIES, entry].filter((path) => existsSync(join(machine, path)))).toEqual([]);
  expect(await untrustRoot({ ...rest, stores })).toMatchObject([{ outcome: "already" }]);
});

test("the office's policies stay, and so does an earlier root of ours", async () => {
  const theirs = {
    policies: { DisableTelemetry: true, Certificates: { Install: ["/srv/a.pem"] } },
  };
  const { machine, stores } = await firefoxMachine({ [POLICIES]: JSON.stringify(theirs) });
  const earlier = rootOf(await throwawayRoot(), "");
  await trustRoot({ ...rest, root: earlier, stores });
  await trustRoot({ ...rest, stores });
  expect(entriesOf(machine).length).toBe(3);
  await untrustRoot({ ...rest, stores });
  expect(await stores[0]?.has(earlier)).toBe(true);
  await untrustRoot({ ...rest, root: earlier, stores });
  expect(JSON.parse(readFileSync(join(machine, POLICIES), "utf8"))).toEqual(theirs);
});

test("an entry of our name with another certificate in it does not count", async () => {
  const { machine, stores } = await firefoxMachine({});
  await trustRoot({ ...rest, stores });
  writeFileSync(join(machine, entriesOf(machine)[0] ?? ""), rootOf(await throwawayRoot(), "").pem);
  expect(await stores[0]?.has(root)).toBe(false);
  expect(await trustRoot({ ...rest, stores })).toMatchObject([{ outcome: "done" }]);
  expect(entriesOf(machine).length).toBe(1);
});

test("a file that is not JSON is left alone, and nothing is written beside it", async () => {
  const { machine, stores } = await firefoxMachine({ [POLICIES]: "{ policies: }" });
  for (const change of [trustRoot, untrustRoot]) {
    expect(await change({ ...rest, stores })).toMatchObject([
      { outcome: "failed", error: { code: "TRUST_POLICIES_INVALID" } },
    ]);
  }
  await expect(stores[0]?.install(root)).rejects.toMatchObject({ code: "TRUST_POLICIES_INVALID" });
  expect(readFileSync(join(machine, POLICIES), "utf8")).toBe("{ policies: }");
  const copies = stores[0]?.plan(root, "install")[0]?.says.replace("write ", "") ?? "";
  expect(existsSync(join(machine, copies))).toBe(false);
});

test("the package's policies are added to where Firefox reads those, not put out of force", async () => {
  const packaged = "/usr/lib/firefox/distribution/policies.json";
  const theirs = '{"policies":{"DisableAppUpdate":true}}';
  const { machine, stores } = await firefoxMachine({ [packaged]: theirs });
  expect(await trustRoot({ ...rest, stores })).toMatchObject([{ outcome: "done" }]);
  expect(existsSync(join(machine, POLICIES))).toBe(false);
  expect(JSON.parse(readFileSync(join(machine, packaged), "utf8"))).toMatchObject({
    policies: { DisableAppUpdate: true, Certificates: { Install: [expect.any(String)] } },
  });
});

test("policies that are a link stay a link", async () => {
  const { machine, stores } = await firefoxMachine({ "/srv/policies.json": "{}" });
  mkdirSync(join(machine, "/etc/firefox/policies"), { recursive: true });
  symlinkSync(join(machine, "/srv/policies.json"), join(machine, POLICIES));
  await trustRoot({ ...rest, stores });
  expect(readFileSync(join(machine, "/srv/policies.json"), "utf8")).toContain("genkan-root-");
});

test("a dry run and a process without rights change nothing, and say what they would", async () => {
  const { machine, stores } = await firefoxMachine({});
  const [planned] = await trustRoot({ ...rest, stores, dryRun: true });
  expect(planned).toMatchObject({
    outcome: "planned",
    steps: [
      { says: expect.stringMatching(/^write \/etc\/firefox\/policies\/genkan-root-/) as string },
      { says: `add it to Certificates.Install in ${POLICIES}` },
    ],
  });
  const ordinary = await firefoxMachine({}, false);
  expect(await trustRoot({ ...rest, stores: ordinary.stores })).toMatchObject([
    { outcome: "needs-root", command: "sudo genkan trust" },
  ]);
  expect([machine, ordinary.machine].filter((m) => existsSync(join(m, "/etc")))).toEqual([]);
});

async function firefoxMachine(
  files: Record<string, string>,
  isRoot = true,
): Promise<{ machine: string; stores: TrustStore[] }> {
  const machine = machineWith({ "/usr/bin/firefox": "", ...files });
  const host = describeHost({ isRoot, uid: isRoot ? 0 : 1000, distro: [], env: {} });
  const stores = await storesFor({ host, run: recordingRun().run, files: { root: machine } });
  return { machine, stores };
}

function entriesOf(machine: string): string[] {
  const file = JSON.parse(readFileSync(join(machine, POLICIES), "utf8")) as {
    policies: { Certificates: { Install: string[] } };
  };
  return file.policies.Certificates.Install;
}

function modeOf(machine: string, path: string): number {
  return statSync(join(machine, path)).mode & 0o777;
}
