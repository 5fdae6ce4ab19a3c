/*
 * The system's store on Linux: a file among the administrator's anchors, and the command that
 * makes the bundle follow. What counts as trusted is the bundle, for that is what programs read.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../kernel/errors.ts";
import { readIfThere } from "../platform/files.ts";
import type { LinuxAnchors } from "./linux-anchors.ts";
import { type Root, shortFingerprint } from "./needs.ts";
import { holds, isOnly } from "./pem.ts";
import { writePublicFile } from "./public-file.ts";
import type { Action, Step, TrustStore } from "./store.ts";
import { through } from "./tool.ts";
import type { World } from "./world.ts";

/** Rebuilding every bundle, Java's among them, on a small machine: milliseconds. */
const REFRESHING = 3 * 60_000;

export function createSystemStore(world: World, anchors: LinuxAnchors): TrustStore {
  const { host } = world;
  const title = `the system's store (${anchors.family})`;
  const fileOf = (root: Root): string =>
    join(anchors.folder, `genkan-root-${shortFingerprint(root)}${anchors.ending}`);

  async function refresh([tool, ...args]: LinuxAnchors["refresh"]): Promise<void> {
    // A root shell opened by `su` has no sbin on its path.
    const env = { ...host.env, PATH: `${host.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
    const running = world.run(tool, args, { env, timeout: REFRESHING });
    await through({ store: title, tool, install: anchors.installTool }, running);
  }
  return {
    id: "system",
    title,
    audience: "system",
    needsRoot: !host.isRoot,
    has: async (root) => holds((await readIfThere(world.at(anchors.bundle))) ?? "", root),
    async install(root) {
      await writePublicFile(world.at(fileOf(root)), root.pem);
      await refresh(anchors.refresh);
    },
    async remove(root) {
      for (const path of await filesWithOnly(root, world.at(anchors.folder))) await rm(path);
      await refresh(anchors.refreshAfterRemoval ?? anchors.refresh);
    },
    plan: (root, action) => planOf(anchors, fileOf(root), action),
  };
}

function planOf(anchors: LinuxAnchors, file: string, action: Action): Step[] {
  const says = "let the system's bundle follow";
  if (action === "install") {
    return [{ says: `write ${file}` }, { says, command: anchors.refresh.join(" ") }];
  }
  const command = (anchors.refreshAfterRemoval ?? anchors.refresh).join(" ");
  return [{ says: `remove ${file}` }, { says, command }];
}

/** Files of the folder that are this certificate and nothing else, whoever named them. */
async function filesWithOnly(root: Root, folder: string): Promise<string[]> {
  const paths = (await filesIn(folder)).map((name) => join(folder, name));
  const texts = await Promise.all(paths.map(readIfThere));
  return paths.filter((_, i) => isOnly(texts[i] ?? "", root));
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return [];
    throw thrown;
  }
}
