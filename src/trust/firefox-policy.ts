/*
 * Every Firefox of this machine at once, through its policies (Linux). The root is copied beside
 * the policies: a path into a home would be closed to other users, and to Firefox as a snap.
 */
import { existsSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { readIfThere } from "../platform/files.ts";
import { type Root, shortFingerprint } from "./needs.ts";
import { isOnly } from "./pem.ts";
import { installedPaths, withoutPaths, withPath } from "./policies.ts";
import { writePublicFile } from "./public-file.ts";
import type { Action, Step, TrustStore } from "./store.ts";
import type { World } from "./world.ts";

const FOLDER = "/etc/firefox/policies";
const OWN_FILE = `${FOLDER}/policies.json`;

/** Read only where OWN_FILE does not exist, so making that one would put these out of force. */
const PACKAGED_FILES = [
  "/usr/lib/firefox/distribution/policies.json",
  "/usr/lib/firefox-esr/distribution/policies.json",
  "/usr/lib64/firefox/distribution/policies.json",
  "/opt/firefox/distribution/policies.json",
];

export function createFirefoxPolicyStore(world: World): TrustStore {
  return {
    id: "firefox-policy",
    title: "Firefox's policies, for everybody on this machine",
    audience: "firefox",
    needsRoot: !world.host.isRoot,
    has: async (root) => (await entriesOf(world, root)).length > 0,
    install: (root) => install(world, root),
    remove: (root) => remove(world, root),
    plan: (root, action) => planOf(world, root, action),
  };
}

async function install(world: World, root: Root): Promise<void> {
  const file = policiesFile(world);
  const text = await readIfThere(world.at(file));
  // Refused here, before anything is written, where the file is not understood.
  const changed = withPath(text, file, copyOf(root));
  await writePublicFile(world.at(copyOf(root)), root.pem);
  if (changed !== text) await writePublicFile(await followed(world.at(file)), changed);
}

async function remove(world: World, root: Root): Promise<void> {
  const file = policiesFile(world);
  const text = await readIfThere(world.at(file));
  if (text !== undefined) {
    const changed = withoutPaths(text, file, await entriesOf(world, root));
    if (changed === undefined) await rm(world.at(file));
    else if (changed !== text) await writePublicFile(await followed(world.at(file)), changed);
  }
  await rm(world.at(copyOf(root)), { force: true });
}

/** The installed files that are exactly this certificate. */
async function entriesOf(world: World, root: Root): Promise<string[]> {
  const file = policiesFile(world);
  const text = await readIfThere(world.at(file));
  const paths = text === undefined ? [] : installedPaths(text, file).filter(isAbsolute);
  const texts = await Promise.all(paths.map((path) => readIfThere(world.at(path))));
  return paths.filter((_, i) => isOnly(texts[i] ?? "", root));
}

function policiesFile(world: World): string {
  const files = [OWN_FILE, ...PACKAGED_FILES];
  return files.find((path) => existsSync(world.at(path))) ?? OWN_FILE;
}

function copyOf(root: Root): string {
  return join(FOLDER, `genkan-root-${shortFingerprint(root)}.pem`);
}

/** Writing goes through links: what links to a file keeps its link. */
async function followed(path: string): Promise<string> {
  return existsSync(path) ? await realpath(path) : path;
}

function planOf(world: World, root: Root, action: Action): Step[] {
  const file = policiesFile(world);
  return action === "install"
    ? [{ says: `write ${copyOf(root)}` }, { says: `add it to Certificates.Install in ${file}` }]
    : [{ says: `take the root out of ${file}` }, { says: `remove ${copyOf(root)}` }];
}
