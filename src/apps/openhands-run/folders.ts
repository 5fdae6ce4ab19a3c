/*
 * The folders a container is handed, made before it is: what Docker makes itself belongs to root. And Canvas' key.
 */
import { randomBytes } from "node:crypto";
import { chown, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { codeOf } from "../../kernel/errors.ts";
import { makePrivateFolder, readIfThere, writeAtomic } from "../../platform/files.ts";
import type { Host } from "../../platform/host.ts";
import { shellWord } from "../../platform/shell-word.ts";
import { runErrors } from "./errors.ts";

/** The user of Canvas' image: OpenHands/software-agent-sdk, agent-server Dockerfile. */
const CANVAS_USER = 10001;

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Those that are not there yet. */
export async function missingFolders(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map(statIfThere));
  return folders.filter((_, i) => found[i] === undefined);
}

/**
 * `uid:gid` Canvas is run as, so that it may write into its state folder: the folder's owner, or, where there is none
 * yet, the home's, who will own it. Undefined where its own user owns it already.
 * @throws OPENHANDS_FOLDER where root owns the folder of another
 */
export async function canvasUser(
  folder: string,
  host: Pick<Host, "uid" | "home">,
): Promise<string | undefined> {
  const owner = (await statIfThere(folder)) ?? (await statIfThere(host.home));
  if (!owner || owner.uid === CANVAS_USER) return undefined;
  if (owner.uid !== 0 || host.uid === 0) return `${owner.uid}:${owner.gid}`;
  throw runErrors.OPENHANDS_FOLDER({
    folder,
    why: "it belongs to root (an OpenHands 1.x that ran as root leaves it so), and Canvas could not write there",
    command: `sudo chown -R "$(id -u):$(id -g)" ${shellWord(folder)}`,
  });
}

/** Makes those that are missing, for this user alone. @throws FILE_NOT_WRITABLE, OPENHANDS_FOLDER */
export async function makeFolders(folders: readonly string[], home: string): Promise<void> {
  for (const folder of folders) refuseColon(folder);
  const owner = await statIfThere(home);
  for (const folder of await missingFolders(folders)) {
    await makePrivateFolder(folder);
    // Under sudo the home may be another's; then so is what is made in it.
    if (owner && process.getuid?.() === 0) await chown(folder, owner.uid, owner.gid);
  }
}

/** Docker writes mounts as `source:target`. */
function refuseColon(folder: string): void {
  if (!/:/.test(folder.replace(/^[A-Za-z]:[\\/]/, ""))) return;
  const command = "Choose another: genkan openhands start --projects DIR";
  throw runErrors.OPENHANDS_FOLDER({
    folder,
    why: "its path has a colon, which Docker takes for an end",
    command,
  });
}

const KEY_LINE = /^LOCAL_BACKEND_API_KEY=([0-9a-f]{64})$/;

/** Where the key is kept, below the folder of what only the program writes. */
export function keyFileIn(state: string): string {
  return join(state, "openhands", "canvas.env");
}

/**
 * Canvas' key as Docker's --env-file wants it, made at the first time and kept, 0600: on a command line every user of
 * this machine could read it.
 * @returns `NAME=value`
 */
export async function keepKey(file: string): Promise<string> {
  const kept = await keptKey(file);
  const line = `LOCAL_BACKEND_API_KEY=${kept ?? randomBytes(32).toString("hex")}`;
  if (kept !== undefined) return line;
  await makePrivateFolder(dirname(file));
  await writeAtomic(file, `${line}\n`, { mode: 0o600 });
  return line;
}

/** The key alone; undefined where none is kept, or what is there is none. @throws FILE_NOT_READABLE */
export async function keptKey(file: string): Promise<string | undefined> {
  return KEY_LINE.exec((await readIfThere(file))?.trim() ?? "")?.[1];
}
