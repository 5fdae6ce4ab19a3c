/*
 * What every store is handed: the machine, the hands, and whose stores are meant. Made once by
 * stores.ts; stores never look further than this.
 *
 * Under sudo the stores of the person who called it are meant, not root's, and everything in their
 * home is done *as* them: what is made belongs to them, and a link they planted cannot make root
 * write elsewhere.
 */
import { join } from "node:path";
import type { Host } from "../platform/host.ts";
import type { Run, RunOptions, RunResult } from "../platform/run.ts";
import { trustErrors } from "./errors.ts";

export interface Person {
  readonly uid: number;
  readonly home: string;
  /** Words before a program that make it run as this person; empty where we are them already. */
  readonly become: readonly string[];
}

export interface World {
  readonly host: Host;
  readonly run: Run;
  readonly person: Person;
  /** A path of the machine as this process reaches it (tests keep a machine in a folder). */
  at(path: string): string;
}

/**
 * Whose home is meant. Asks the system's user database by number where sudo was used.
 * @throws TRUST_PERSON_UNKNOWN
 */
export async function personOf(host: Host, run: Run): Promise<Person> {
  const uid = host.env["SUDO_UID"] ?? "";
  if (!host.isRoot || !/^[1-9]\d*$/.test(uid)) {
    return { uid: host.uid, home: host.home, become: [] };
  }
  const unknown = (cause: unknown): never => {
    throw trustErrors.TRUST_PERSON_UNKNOWN({ uid }, { cause });
  };
  const { name, home } = await lookUp(host, uid, run).catch(unknown);
  if (!name || !home) return unknown(undefined);
  return {
    uid: Number(uid),
    home,
    // runuser(1) is part of every Linux and asks nobody; macOS has sudo only, and root needs no password for it.
    become: host.os === "linux" ? ["runuser", "-u", name, "--"] : ["sudo", "-n", "-u", name, "--"],
  };
}

/** Runs a program as the person. */
export function runAs(
  { run, person }: World,
  [program, ...args]: readonly [string, ...string[]],
  options?: RunOptions,
): Promise<RunResult> {
  const [first, ...rest] = [...person.become, program, ...args];
  return run(first ?? program, rest, options);
}

interface Entry {
  readonly name: string | undefined;
  readonly home: string | undefined;
}

async function lookUp(host: Host, uid: string, run: Run): Promise<Entry> {
  if (host.os === "macos") return lookUpOnMac(host.env["SUDO_USER"] ?? "", run);
  // passwd(5): name:password:UID:GID:GECOS:directory:shell
  const { stdout } = await run("getent", ["passwd", uid]);
  const fields = stdout.trim().split(":");
  return { name: fields[0], home: fields[5] };
}

/** dscl(1) answers `NFSHomeDirectory: /Users/ada`. */
async function lookUpOnMac(name: string, run: Run): Promise<Entry> {
  const path = join("/Users", name);
  const { stdout } = await run("dscl", [".", "-read", path, "NFSHomeDirectory"]);
  return { name, home: /NFSHomeDirectory:\s*(.+)/.exec(stdout)?.[1]?.trim() };
}
