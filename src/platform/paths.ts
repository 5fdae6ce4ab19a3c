/*
 * Where things live: `GENKAN_HOME` if set (everything below it), else XDG on Linux and its
 * counterparts elsewhere. DESIGN section 5, Files.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
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
  /** The running door's control socket (a named pipe on Windows). */
  readonly socket: string;
  /** Who has the door open: pid, since when. */
  readonly lock: string;
}

/** Decides every path from the host alone; touches nothing. */
export function pathsOf(host: Host): Paths {
  const { configDir, stateDir } = directories(host);
  return {
    config: join(configDir, "genkan.yaml"),
    state: stateDir,
    pki: join(stateDir, "pki"),
    log: join(stateDir, "genkan.log"),
    socket: socketPath(host, stateDir),
    lock: join(stateDir, "door.lock"),
  };
}

function directories(host: Host): { configDir: string; stateDir: string } {
  const { env, home, os } = host;
  const own = env["GENKAN_HOME"];
  if (own) return { configDir: own, stateDir: join(own, "state") };
  if (os === "macos") {
    const support = join(home, "Library", "Application Support", "genkan");
    return { configDir: support, stateDir: join(support, "state") };
  }
  if (os === "windows") {
    const local = env["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
    return { configDir: join(local, "genkan"), stateDir: join(local, "genkan", "state") };
  }
  const configHome = env["XDG_CONFIG_HOME"] || join(home, ".config");
  const dataHome = env["XDG_DATA_HOME"] || join(home, ".local", "share");
  return { configDir: join(configHome, "genkan"), stateDir: join(dataHome, "genkan") };
}

/** unix(7): a socket's path holds 108 bytes on Linux, 104 on macOS, the closing NUL included. */
const LONGEST_SOCKET_PATH = 100;

function socketPath(host: Host, stateDir: string): string {
  const id = createHash("sha256").update(stateDir).digest("hex").slice(0, 16);
  if (host.os === "windows") return `\\\\.\\pipe\\genkan-${id}`;
  const wanted = join(stateDir, "control.sock");
  if (Buffer.byteLength(wanted) <= LONGEST_SOCKET_PATH) return wanted;
  // Too deep a home: a folder of the user's own in the temporary directory, made 0700 by whoever listens.
  return join(host.tmp, `genkan-${host.uid}-${id}`, "control.sock");
}
