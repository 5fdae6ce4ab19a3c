/*
 * The machine as a plain value. The only file that reads process.platform and process.env, so
 * that every operating system's behaviour can be tested on any of them: describe a Host, pass it.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";

type OperatingSystem = "linux" | "macos" | "windows" | "other";

export interface Host {
  readonly os: OperatingSystem;
  /** `ID` and `ID_LIKE` of /etc/os-release, lower case: `["ubuntu", "debian"]`; empty elsewhere. */
  readonly distro: readonly string[];
  /** Linux inside Windows (WSL 1 or 2). */
  readonly isWsl: boolean;
  /** May write where only the administrator may (uid 0; on Windows nobody is assumed to be). */
  readonly isRoot: boolean;
  /** The user's numeric id; -1 where there is none. */
  readonly uid: number;
  readonly user: string;
  /** Home directory of that user. */
  readonly home: string;
  /** The machine's short name, lower case, without a domain. */
  readonly name: string;
  readonly tmp: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Describes the machine this process runs on. Called once, by main.ts. */
export function detectHost(): Host {
  const os = operatingSystem(process.platform);
  return {
    os,
    distro: os === "linux" ? distroOf(osRelease()) : [],
    isWsl: os === "linux" && isInsideWindows(textOf("/proc/sys/kernel/osrelease"), existsSync),
    isRoot: process.getuid?.() === 0,
    uid: process.getuid?.() ?? -1,
    user: userName(),
    home: homedir(),
    name: shortNameOf(hostname()),
    tmp: tmpdir(),
    env: process.env,
  };
}

function operatingSystem(platform: string): OperatingSystem {
  const names: Record<string, OperatingSystem> = {
    linux: "linux",
    darwin: "macos",
    win32: "windows",
  };
  return names[platform] ?? "other";
}

/** `ID` and `ID_LIKE` out of the text of /etc/os-release (os-release(5)). */
export function distroOf(osRelease: string): string[] {
  const value = (key: string): string =>
    new RegExp(`^${key}=["']?([^"'\\n]*)`, "m").exec(osRelease)?.[1] ?? "";
  return `${value("ID")} ${value("ID_LIKE")}`.toLowerCase().split(/\s+/).filter(Boolean);
}

/** os-release(5): the second place is there for systems whose /etc starts out empty. */
function osRelease(): string {
  return textOf("/etc/os-release") || textOf("/usr/lib/os-release");
}

/**
 * WSL by its kernel's name, or by the folder WSL 2 makes where the kernel is one's own. A container
 * on such a kernel (Docker Desktop) is plain Linux: it has no way to Windows' stores.
 */
export function isInsideWindows(kernel: string, isThere: (path: string) => boolean): boolean {
  if (isThere("/.dockerenv") || isThere("/run/.containerenv")) return false;
  return /microsoft/i.test(kernel) || isThere("/run/WSL");
}

/** The first label of a machine's name, lower case; `localhost` where it has none. */
export function shortNameOf(hostname: string): string {
  return hostname.split(".")[0]?.toLowerCase() || "localhost";
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** A container may run as a uid without an entry in /etc/passwd; then there is no name to ask for. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (thrown) {
    if (thrown instanceof Error) return String(process.getuid?.() ?? "nobody");
    throw thrown;
  }
}
