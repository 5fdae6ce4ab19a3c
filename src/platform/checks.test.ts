import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { Finding } from "../kernel/check.ts";
import { platformChecks } from "./checks.ts";
import { detectHost, type Host } from "./host.ts";
import { recommendedMajors, supportOf } from "./node-versions.ts";
import { pathsOf } from "./paths.ts";

const TODAY = Date.UTC(2026, 10, 24);

interface World {
  readonly host?: Host;
  readonly state?: string;
  readonly now?: number;
  readonly nodeVersion?: string;
}

async function look(id: string, world: World = {}): Promise<Finding> {
  const host = world.host ?? describeHost();
  const paths = { ...pathsOf(host), state: world.state ?? tempFolder() };
  const clock = { now: () => world.now ?? TODAY, every: () => () => undefined };
  const checks = platformChecks({
    host,
    paths,
    clock,
    nodeVersion: world.nodeVersion ?? "v26.1.0",
  });
  const wanted = checks.find((each) => each.id === `platform.${id}`);
  if (!wanted) throw new Error(`no check ${id}`);
  return wanted.look(AbortSignal.timeout(5_000));
}

test.each([
  ["v26.10.0", "well"],
  ["v24.0.0", "well"],
  ["v22.18.0", "well"],
  ["v20.20.2", "unwell"],
  ["v25.1.0", "unwell"],
  ["v18.0.0", "unwell"],
  ["v28.0.0", "unknown"],
  ["nonsense", "unknown"],
])("Node %s on 24 November 2026 is %s", async (nodeVersion, state) => {
  expect(await look("node", { nodeVersion })).toMatchObject({ state });
});

test("a Node without fixes works, and is told with what to install", async () => {
  expect(await look("node", { nodeVersion: "v20.20.2" })).toEqual({
    state: "unwell",
    severity: "low",
    says: "This Node (v20.20.2) no longer receives security fixes (its last day was 2026-04-30).",
    fix: { says: "Install Node 26 or 24: https://nodejs.org/en/download" },
  });
});

test("the advice ages with the calendar", () => {
  expect(recommendedMajors(Date.UTC(2028, 5, 1))).toBe("26");
  expect(recommendedMajors(Date.UTC(2035, 0, 1))).toBe("its newest long-term version");
  expect(supportOf("v20.19.0", Date.UTC(2026, 3, 29))).toEqual({
    is: "supported",
    until: "2026-04-30",
  });
  expect(supportOf("v20.19.0", Date.UTC(2026, 3, 30))).toEqual({
    is: "ended",
    until: "2026-04-30",
  });
});

test.each([
  ["linux", 0, "1970-01-01 00:00", "sudo timedatectl set-ntp true"],
  ["macos", Date.UTC(2024, 0, 1), "2024-01-01 00:00", "sudo sntp -sS time.apple.com"],
  ["windows", Date.UTC(2099, 0, 1), "2099-01-01 00:00", "w32tm /resync"],
  ["other", 0, "1970-01-01 00:00", undefined],
] as const)("a clock that cannot be right is told on %s", async (...[os, now, date, command]) => {
  const finding = await look("clock", { now, host: describeHost({ os }) });
  expect(finding).toMatchObject({ state: "unwell", severity: "high" });
  expect(finding).toHaveProperty("says", expect.stringContaining(`${date} UTC`));
  expect(finding).toHaveProperty("fix.says", "Set the clock, best from the network.");
  expect("fix" in finding ? finding.fix.command : undefined).toBe(command);
});

test("a clock that may be right is well", async () => {
  expect(await look("clock")).toEqual({ state: "well", note: "2026-11-24 00:00 UTC" });
});

test("a state folder of one's own is well; one still to be made too", async () => {
  const here = detectHost();
  const state = join(tempFolder(), "state");
  expect(await look("home-private", { host: here, state })).toEqual({
    state: "well",
    note: "nothing is kept yet",
  });
  mkdirSync(state, { mode: 0o700 });
  expect(await look("home-private", { host: here, state })).toEqual({ state: "well" });
  expect(
    await look("home-writable", { host: here, state: join(state, "deeper", "still") }),
  ).toEqual({
    state: "well",
  });
});

test("a state folder others may look into is told with the command that closes it", async () => {
  const state = join(tempFolder(), "the state");
  mkdirSync(state);
  chmodSync(state, 0o755);
  expect(await look("home-private", { host: detectHost(), state })).toMatchObject({
    state: "unwell",
    severity: "high",
    fix: { command: `chmod 700 '${state}'` },
  });
});

test("a state folder of another user is told", async () => {
  const state = tempFolder();
  if (process.getuid?.() === 0) chownSync(state, 12345, 12345);
  const host = describeHost({ uid: 999 });
  expect(await look("home-private", { host, state })).toMatchObject({
    state: "unwell",
    severity: "high",
    fix: { command: `sudo chown -R ada ${state}` },
  });
});

test("on Windows the rights of the folder are not claimed to be known", async () => {
  const host = describeHost({ os: "windows" });
  expect(await look("home-private", { host })).toMatchObject({ state: "unknown" });
});

test("a home inside a file is told", async () => {
  const file = join(tempFolder(), "file");
  writeFileSync(file, "");
  expect(await look("home-writable", { state: join(file, "state") })).toMatchObject({
    state: "unwell",
    says: `The door cannot write in ${file}/state: a part of the path is a file, not a folder.`,
  });
});

test.each(["home-private", "free-space"])(
  "%s does not know where the path itself cannot be walked",
  async (id) => {
    const file = join(tempFolder(), "file");
    writeFileSync(file, "");
    await expect(look(id, { state: join(file, "state") })).rejects.toMatchObject({
      code: "ENOTDIR",
    });
  },
);

/** A disk of a given size, gone when the test ends; the test is skipped where we may not mount one. */
function disk(context: TestContext, options: string): string {
  const path = tempFolder();
  const args = ["-t", "tmpfs", "-o", options, "tmpfs", path];
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) context.skip(`no disk may be mounted here: ${stderr?.split("\n")[0]}`);
  onTestFinished(() => void spawnSync("umount", [path]));
  return path;
}

test("a read-only disk is told before anything fails", async (context) => {
  const state = disk(context, "ro,size=1m");
  expect(await look("home-writable", { state: join(state, "state") })).toMatchObject({
    state: "unwell",
    severity: "high",
    says: `The door cannot write in ${state}: the file system is read-only.`,
    fix: { command: `ls -ld ${state}` },
  });
});

test.for([
  ["1m", "high", "Only 1 MiB"],
  ["50m", "low", "Only 50 MiB"],
] as const)("a disk with %s left is %s", async ([size, severity, says], context) => {
  const state = disk(context, `size=${size}`);
  const finding = await look("free-space", { state });
  expect(finding).toMatchObject({ state: "unwell", severity, fix: { command: `df -h ${state}` } });
  expect(finding).toHaveProperty("says", expect.stringContaining(says));
});

test("a disk that can hold no more files is told", async (context) => {
  const state = disk(context, "size=200m,nr_inodes=2");
  writeFileSync(join(state, "last"), "");
  expect(await look("free-space", { state })).toMatchObject({
    state: "unwell",
    says: `The disk of ${state} can hold no more files.`,
  });
});

test("a disk with room is well", async (context) => {
  const state = disk(context, "size=200m");
  expect(await look("free-space", { state: join(state, "still", "to be made") })).toEqual({
    state: "well",
  });
});
