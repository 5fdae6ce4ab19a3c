/*
 * Where things live: `GENKAN_HOME` if set (everything below it), else XDG on Linux and its
 * counterparts elsewhere. DESIGN section 5, Files.
 */
import { createHash } from "node:crypto";
import { posix, win32, type PlatformPath } from "node:path";
import type { Host } from "./host.ts";

export interface Paths {
  /** The one configuration file a person edits. */
  readonly config: string;
  /** State only the program writes; 0700. */
  readonly state: string;
  /** Authority and leaves. */
  readonly pki: string;
  /** The daemon's log, JSON lines. */
  readonly log: string;
  /** Who is let in: devices, sessions, tokens; 0700. */
  readonly access: string;
  /** The audit log, JSON lines: who was let in, who was refused, what was changed. */
  readonly audit: string;
  /** The running door's control socket (a named pipe on Windows). */
  readonly socket: string;
  /** Who has the door open: pid, since when. */
  readonly lock: string;
}

/** Decides every path from the host alone; touches nothing. */
export function pathsOf(host: Host): Paths {
  const rules = pathRules(host);
  const join = (...parts: string[]) => rules.join(...parts);
  const { configDir, stateDir } = directories(host);
  return {
    config: join(configDir, "genkan.yaml"),
    state: stateDir,
    pki: join(stateDir, "pki"),
    log: join(stateDir, "genkan.log"),
    access: join(stateDir, "access"),
    audit: join(stateDir, "audit.log"),
    socket: socketPath(host, stateDir),
    lock: join(stateDir, "door.lock"),
  };
}

/** A described Windows has Windows' paths on every machine. */
function pathRules({ os }: Host): PlatformPath {
  return os === "windows" ? win32 : posix;
}

function directories(host: Host): { configDir: string; stateDir: string } {
  const { env, home, os } = host;
  const rules = pathRules(host);
  const join = (...parts: string[]) => rules.join(...parts);
  const own = env["GENKAN_HOME"];
  if (own) {
    const whole = rules.resolve(own); // the daemon and its commands may be started from different folders
    return { configDir: whole, stateDir: join(whole, "state") };
  }
  if (os === "macos") {
    const support = join(home, "Library", "Application Support", "genkan");
    return { configDir: support, stateDir: join(support, "state") };
  }
  if (os === "windows") {
    const local = env["LOCALAPPDATA"] || join(home, "AppData", "Local");
    return { configDir: join(local, "genkan"), stateDir: join(local, "genkan", "state") };
  }
  const configHome = xdg(env["XDG_CONFIG_HOME"]) ?? join(home, ".config");
  const dataHome = xdg(env["XDG_DATA_HOME"]) ?? join(home, ".local", "share");
  return { configDir: join(configHome, "genkan"), stateDir: join(dataHome, "genkan") };
}

/** XDG Base Directory Specification: empty counts as unset, and a relative path is to be ignored. */
function xdg(path: string | undefined): string | undefined {
  return path && posix.isAbsolute(path) ? path : undefined;
}

/** unix(7): a socket's path holds 108 bytes on Linux, 104 on macOS, the closing NUL included. */
const LONGEST_SOCKET_PATH = 100;

function socketPath(host: Host, stateDir: string): string {
  const id = createHash("sha256").update(stateDir).digest("hex").slice(0, 16);
  if (host.os === "windows") return `\\\\.\\pipe\\genkan-${id}`;
  const wanted = posix.join(stateDir, "control.sock");
  if (Buffer.byteLength(wanted) <= LONGEST_SOCKET_PATH) return wanted;
  // Too deep a home: a folder of the user's own in the temporary directory, claimed by whoever listens (claimPrivateFolder).
  return posix.join(host.tmp, `genkan-${host.uid}-${id}`, "control.sock");
}
