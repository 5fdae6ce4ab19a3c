/*
 * What doctor asks of the ground the door stands on: its Node, its clock, its folders, its disk.
 */
import { access, constants, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Check, Finding } from "../kernel/check.ts";
import type { Clock } from "../kernel/clock.ts";
import { codeOf } from "../kernel/errors.ts";
import { whyOf } from "./errors.ts";
import type { Host } from "./host.ts";
import { recommendedMajors, supportOf } from "./node-versions.ts";
import type { Paths } from "./paths.ts";
import { shellWord } from "./shell-word.ts";

export interface Ground {
  readonly host: Host;
  readonly paths: Paths;
  readonly clock: Clock;
  /** `process.version` unless told. */
  readonly nodeVersion?: string;
}

/** The checks no feature owns. They come first: others may depend on them by id. */
export function platformChecks({ host, paths, clock, ...more }: Ground): Check[] {
  return [
    check("platform.clock", "The clock of this machine is right", () =>
      lookAtClock(clock.now(), host),
    ),
    check("platform.node", "This Node receives security fixes", () =>
      lookAtNode(more.nodeVersion ?? process.version, clock.now()),
    ),
    check("platform.home-writable", "The door can keep its state", () =>
      lookAtWriting(paths.state),
    ),
    check("platform.home-private", "Nobody else can read the door's secrets", () =>
      lookAtRights(paths.state, host),
    ),
    check("platform.free-space", "There is room on the disk", () => lookAtSpace(paths.state)),
  ];
}

function check(id: string, title: string, look: () => Finding | Promise<Finding>): Check {
  return { id, title, look: async () => look() };
}

const high = (says: string, fix: string, command?: string): Finding => ({
  state: "unwell",
  severity: "high",
  says,
  fix: { says: fix, ...(command === undefined ? {} : { command }) },
});

/** Before this program was written, and long after its certificates will matter: no clock that is right says so. */
const EARLIEST = Date.UTC(2026, 9, 1);
const LATEST = Date.UTC(2056, 0, 1);

function lookAtClock(now: number, host: Host): Finding {
  const date = new Date(now).toISOString().slice(0, 16).replace("T", " ");
  if (now >= EARLIEST && now < LATEST) return { state: "well", note: `${date} UTC` };
  const command = {
    linux: "sudo timedatectl set-ntp true",
    macos: "sudo sntp -sS time.apple.com",
    windows: "w32tm /resync",
    other: undefined,
  }[host.os];
  const says = `This machine believes it is ${date} UTC; certificates made or judged by that clock are wrong.`;
  return high(says, "Set the clock, best from the network.", command);
}

function lookAtNode(version: string, now: number): Finding {
  const support = supportOf(version, now);
  if (support.is === "unknown") {
    return { state: "unknown", why: `Node ${version} is newer than what this genkan knows of` };
  }
  if (support.is === "supported")
    return { state: "well", note: `${version}, until ${support.until}` };
  const says = `This Node (${version}) no longer receives security fixes (its last day was ${support.until}).`;
  const fix = { says: `Install Node ${recommendedMajors(now)}: https://nodejs.org/en/download` };
  return { state: "unwell", severity: "low", says, fix };
}

/** Looks without writing: whether the folder, or where it is still to be made the one above it, may be written to. */
async function lookAtWriting(state: string): Promise<Finding> {
  let place = state;
  try {
    place = await nearestThere(state);
    await access(place, constants.W_OK | constants.X_OK);
    return { state: "well" };
  } catch (thrown) {
    const says = `The door cannot write in ${place}: ${whyOf(thrown)}.`;
    const fix =
      "Open the door as the user who owns that folder, or choose another: GENKAN_HOME=/some/folder genkan up";
    return high(says, fix, `ls -ld ${shellWord(place)}`);
  }
}

async function lookAtRights(state: string, host: Host): Promise<Finding> {
  if (host.os === "windows") {
    return {
      state: "unknown",
      why: "Windows keeps rights in lists of its own, which are not read yet",
    };
  }
  if ((await nearestThere(state)) !== state) return { state: "well", note: "nothing is kept yet" };
  const { mode, uid } = await stat(state);
  const folder = shellWord(state);
  if (uid !== host.uid && !host.isRoot) {
    const says = `${state} belongs to another user (number ${uid}), who can read and change the door's secrets.`;
    return high(says, "Make it yours.", `sudo chown -R ${shellWord(host.user)} ${folder}`);
  }
  if ((mode & 0o077) === 0) return { state: "well" };
  const says = `Other users of this machine can look into ${state}, where the door keeps its secrets.`;
  return high(says, "Take that right away.", `chmod 700 ${folder}`);
}

/** State is small, but a log and a renewal must always fit. In bytes. */
const SPACE = { needed: 5 * 2 ** 20, comfortable: 100 * 2 ** 20 };

async function lookAtSpace(state: string): Promise<Finding> {
  const place = await nearestThere(state);
  const { bavail, bsize, files, ffree } = await statfs(place);
  const free = bavail * bsize;
  const command = `df -h ${shellWord(place)}`;
  if (files > 0 && ffree === 0) {
    return high(
      `The disk of ${place} can hold no more files.`,
      "Delete some files there.",
      `df -i ${shellWord(place)}`,
    );
  }
  if (free >= SPACE.comfortable) return { state: "well" };
  const says = `Only ${Math.floor(free / 2 ** 20)} MiB are free on the disk of ${place}.`;
  const fix = { says: "Make room there.", command };
  return { state: "unwell", severity: free < SPACE.needed ? "high" : "low", says, fix };
}

/** The path itself, or the nearest folder above it that is there. */
async function nearestThere(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT" && dirname(path) !== path) return nearestThere(dirname(path));
    throw thrown;
  }
}
