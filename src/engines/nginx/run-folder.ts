/*
 * Folders and paths of one engine. Keys lie in the state folder, which is this user's alone. Where the door
 * is opened by the administrator the workers are somebody else: what they must reach lies in a folder of
 * theirs among the temporary ones.
 */
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder, readIfThere, writeAtomic } from "../../platform/files.ts";
import type { Host } from "../../platform/host.ts";
import type { NginxPaths } from "./facts.ts";

export interface Workers {
  readonly user: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
}

/** Users made for such work, the first that exists. */
const SERVANTS = ["www-data", "nginx", "http", "_www", "nobody"];
/** unix(7): 108 bytes on Linux, 104 on macOS; the longest name in the folder has 16. */
const LONGEST_FOLDER = 84;

/** Whom the workers become: somebody without rights, where this is the administrator. */
export async function chooseWorkers({ isRoot }: Host): Promise<Workers | undefined> {
  if (!isRoot) return undefined;
  const users = await tableOf("/etc/passwd");
  const groups = await tableOf("/etc/group");
  for (const user of SERVANTS) {
    const row = users.find(([name]) => name === user);
    const group = groups.find(([, , gid]) => gid === row?.[3])?.[0];
    if (row && group !== undefined) {
      return { user, group, uid: Number(row[2]), gid: Number(row[3]) };
    }
  }
  return undefined;
}

/** passwd(5), group(5). */
async function tableOf(path: string): Promise<string[][]> {
  return (await readFile(path, "utf8")).split("\n").map((line) => line.split(":"));
}

/** Makes both folders. `dir` is the engine's in the state. */
export async function makeFolders(
  dir: string,
  tmp: string,
  workers: Workers | undefined,
): Promise<NginxPaths> {
  await makePrivateFolder(dir);
  const note = join(dir, "run-folder");
  const earlier = await readIfThere(note);
  // Of a door that was killed; only what this file makes is taken away.
  if (earlier && /[/](?:run-[0-9a-f]{6}|genkan-nginx-\w{6})$/.test(earlier)) {
    await rm(earlier, { recursive: true, force: true });
  }
  let run = join(dir, `run-${randomBytes(3).toString("hex")}`);
  if (workers || Buffer.byteLength(run) > LONGEST_FOLDER) {
    run = await mkdtemp(join(tmp, "genkan-nginx-"));
    if (workers) await chown(run, workers.uid, workers.gid);
  } else {
    await makePrivateFolder(run);
  }
  await writeAtomic(note, run);
  return {
    dir,
    run,
    config: join(dir, "nginx.conf"),
    shared: join(dir, "shared.conf"),
    pid: join(dir, "nginx.pid"),
    errorLog: join(dir, "error.log"),
    accessLog: join(run, "access.log"),
    pagesSocket: join(run, "pages.sock"),
    relaySocket: join(run, "relay.sock"),
    gate: join(run, "gate"),
    trusted: join(dir, "trusted.pem"),
  };
}

export async function removeRunFolder({ run }: NginxPaths): Promise<void> {
  await rm(run, { recursive: true, force: true });
}
