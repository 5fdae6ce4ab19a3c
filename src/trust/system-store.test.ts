import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { newKeys, privateKeyPem, throwawayRoot } from "../../test/support/throwaway-root.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { detectHost } from "../platform/host.ts";
import { type Run, runProgram } from "../platform/run.ts";
import { linuxAnchors } from "./linux-anchors.ts";
import { type Root, rootOf } from "./needs.ts";
import type { TrustStore } from "./store.ts";
import { storesFor } from "./stores.ts";
import { trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "/home/ada/root.pem");
const rest = { root, dryRun: false, report: () => undefined };

test.each([["debian"], ["fedora"], ["arch"], ["suse"]])(
  "%s: a file among the anchors, then the command, then the bundle has it",
  async (distro) => {
    const { machine, stores, started, folder } = await linuxMachine(distro);
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    expect(await trustRoot({ ...rest, stores })).toMatchObject([
      { store: "system", outcome: "done" },
    ]);
    expect(started).toEqual([linuxAnchors([distro])?.refresh.join(" ")]);
    const [file = "", ...others] = readdirSync(join(machine, folder));
    expect([file, others]).toEqual([expect.stringMatching(/^genkan-root-[0-9a-f]{16}\./), []]);
    expect(statSync(join(machine, folder, file)).mode & 0o777).toBe(0o644);
    expect(await trustRoot({ ...rest, stores })).toMatchObject([{ outcome: "already" }]);
    expect(await untrustRoot({ ...rest, stores })).toMatchObject([{ outcome: "done" }]);
    expect(readdirSync(join(machine, folder))).toEqual([]);
  },
);

test("the same certificate under a person's own file name is found and taken out", async () => {
  const { machine, stores, folder, refresh } = await linuxMachine("debian");
  await trustRoot({ ...rest, stores });
  writeFileSync(join(machine, folder, "by-hand.crt"), root.pem);
  const other = rootOf(await throwawayRoot(), "");
  writeFileSync(join(machine, folder, "office.crt"), other.pem);
  await refresh();
  expect(await untrustRoot({ ...rest, stores })).toMatchObject([{ outcome: "done" }]);
  expect(readdirSync(join(machine, folder))).toEqual(["office.crt"]);
});

test("a file with further certificates is not ours to remove, and that is said", async () => {
  const { machine, stores, folder, refresh } = await linuxMachine("debian");
  const other = rootOf(await throwawayRoot(), "");
  await trustRoot({ ...rest, stores });
  writeFileSync(join(machine, folder, "office.crt"), other.pem + root.pem);
  await refresh();
  expect(await untrustRoot({ ...rest, stores })).toMatchObject([
    { outcome: "failed", error: { code: "TRUST_NOT_REMOVED" } },
  ]);
  expect(readdirSync(join(machine, folder))).toEqual(["office.crt"]);
});

test("a command that ends well and does nothing is a failure", async () => {
  const machine = tempFolder();
  const host = describeHost({ isRoot: true, uid: 0, env: {} });
  const stores = await storesFor({ host, run: recordingRun().run, files: { root: machine } });
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    { outcome: "failed", error: { code: "TRUST_NOT_INSTALLED" } },
  ]);
});

test("without root nothing is touched, and the command is given", async () => {
  const machine = machineWith({ "/etc/hostname": "box" });
  const { run, started } = recordingRun();
  const stores = await storesFor({ host: describeHost(), run, files: { root: machine } });
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    {
      outcome: "needs-root",
      command: "sudo genkan trust",
      steps: [
        {
          says: expect.stringMatching(
            /^write \/usr\/local\/share\/ca-certificates\/genkan-/,
          ) as string,
        },
        { command: "update-ca-certificates" },
      ],
    },
  ]);
  expect(started).toEqual([]);
  expect(existsSync(join(machine, "usr"))).toBe(false);
});

test("a command that is missing is asked for by its package", async () => {
  const host = describeHost({ isRoot: true, uid: 0, env: {}, distro: ["fedora"] });
  const { run } = recordingRun(() => "missing");
  const stores = await storesFor({ host, run, files: { root: tempFolder() } });
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    {
      outcome: "failed",
      error: { code: "TRUST_TOOL_MISSING", fix: "sudo dnf install ca-certificates" },
    },
  ]);
});

const host = detectHost();
/** The machine's own store is changed only where that is ours to do: as root, on a Debian. */
const ours = host.isRoot && host.distro.includes("debian") ? [] : ["root on a Debian"];

describeWithTools("this Debian's own store", ["update-ca-certificates", "curl", ...ours], () => {
  test("has curl and OpenSSL trust a throwaway root, and afterwards is as it was", async () => {
    const keys = await newKeys();
    const site = rootOf(await throwawayRoot({ keys, alsoFor: "127.0.0.1" }), "");
    const stores = await machineStores();
    const request = { ...rest, root: site, stores };
    const fetchIt = await siteOf(site, keys);
    await expect(fetchIt()).rejects.toThrow("ended with 60");
    const before = snapshot();
    try {
      const ends = await trustRoot(request);
      expect(new Set(ends.map(({ outcome }) => outcome))).toEqual(new Set(["done"]));
      expect(await fetchIt()).toBe("green");
      expect(await verified(site)).toContain("OK");
      expect(snapshot()).not.toEqual(before);
    } finally {
      await untrustRoot(request);
    }
    for (const store of stores)
      expect([store.id, await store.has(site)]).toEqual([store.id, false]);
    expect(snapshot()).toEqual(before);
    await expect(fetchIt()).rejects.toThrow("ended with 60");
  });
});

/** Serves a page under the certificate; gives what curl, set up by nobody, makes of it. */
async function siteOf(
  { pem }: Root,
  keys: Awaited<ReturnType<typeof newKeys>>,
): Promise<() => Promise<string>> {
  const site = createServer({ cert: pem, key: await privateKeyPem(keys) }, (_, response) => {
    response.end("green");
  });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  onTestFinished(() => void site.close());
  const url = `https://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const env = { PATH: host.env["PATH"] };
  return async () => (await runProgram("curl", ["-sS", "--noproxy", "*", url], { env })).stdout;
}

async function verified({ pem }: Root): Promise<string> {
  const file = join(tempFolder(), "root.pem");
  writeFileSync(file, pem);
  return (await runProgram("openssl", ["verify", "-CApath", "/etc/ssl/certs", file])).stdout;
}

/** The system's store, and Java's keystore where Debian's own hook fills it. */
async function machineStores(): Promise<TrustStore[]> {
  const env = { ...host.env, SUDO_UID: undefined, JAVA_HOME: undefined };
  const stores = await storesFor({ host: { ...host, env }, run: runProgram });
  return stores.filter(({ id }) => id === "system" || id === "java:/etc/ssl/certs/java/cacerts");
}

/** Names and contents of everything that Debian's command writes. */
function snapshot(): Record<string, string> {
  const folders = ["/usr/local/share/ca-certificates", "/etc/ssl/certs"];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return Object.fromEntries(
    files
      .filter((path) => statSync(path).isFile())
      .map((path) => [path, createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );
}

interface LinuxMachine {
  readonly machine: string;
  readonly folder: string;
  readonly stores: TrustStore[];
  readonly started: string[];
  readonly refresh: () => Promise<unknown>;
}

/** A described Linux, run by root, whose command makes the bundle of what is in the folder. */
async function linuxMachine(distro: string): Promise<LinuxMachine> {
  const anchors = linuxAnchors([distro])!;
  const machine = machineWith({ [anchors.bundle]: "" });
  const folder = anchors.folder;
  const { run: record, started } = recordingRun((line) => {
    if (line.replace(" --fresh", "") !== anchors.refresh.join(" ")) return 1;
    const names = readdirSync(join(machine, folder)).filter((name) =>
      name.endsWith(anchors.ending),
    );
    const pems = names.map((name) => readFileSync(join(machine, folder, name), "utf8"));
    writeFileSync(join(machine, anchors.bundle), pems.join(""));
    return "";
  });
  const run: Run = record;
  const described = describeHost({ isRoot: true, uid: 0, env: {}, distro: [distro] });
  const stores = await storesFor({ host: described, run, files: { root: machine } });
  const [tool, ...args] = anchors.refresh;
  return { machine, folder, stores, started, refresh: () => run(tool, args) };
}
