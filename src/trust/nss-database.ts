/*
 * One NSS database: a folder with cert9.db in it, as Chromium and each Firefox profile have one.
 * NSS's certutil reads and writes it, as the person it belongs to and without ever asking for a
 * password.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GenkanError } from "../kernel/errors.ts";
import { ProgramFailedError } from "../platform/run.ts";
import { commandText } from "./command-text.ts";
import { trustErrors } from "./errors.ts";
import { type Root, shortFingerprint } from "./needs.ts";
import { nssUri, parseNssListing, type NssEntry } from "./nss-key.ts";
import { certificatesIn } from "./pem.ts";
import type { Action, Step, TrustStore } from "./store.ts";
import { through } from "./tool.ts";
import { runAs, type World } from "./world.ts";

export interface NssPlace {
  readonly id: string;
  readonly title: string;
  readonly audience: "chromium" | "firefox";
  /** The folder; it may be missing where the browser has not made it yet. */
  readonly folder: string;
  /** What brings certutil to this machine. */
  readonly install: string;
}

export function createNssStore(world: World, place: NssPlace): TrustStore {
  const { id, title, audience } = place;
  return {
    id,
    title,
    audience,
    needsRoot: false,
    async has(root) {
      const found = (await entries(world, place, root)).find(isOf(root));
      return found?.isTrusted ?? false;
    },
    install: (root) => install(world, place, root),
    remove: (root) => remove(world, place, root),
    plan: (root, action) => planOf(world, place, { root, action }),
  };
}

async function install(world: World, place: NssPlace, root: Root): Promise<void> {
  await makeDatabase(world, place);
  const wasThere = (await entries(world, place, root)).some(isOf(root));
  try {
    await certutil(world, place, { args: addArgs(root), input: root.pem });
  } catch (thrown) {
    // Behind a primary password certutil adds the certificate first and fails at trusting it.
    if (!wasThere) await remove(world, place, root);
    throw thrown;
  }
}

async function remove(world: World, place: NssPlace, root: Root): Promise<void> {
  const uri = nssUri(root.der);
  if (!(await entries(world, place, root)).some(isOf(root))) return;
  // certutil deletes by the key's id: exactly ours, unless another certificate has the same key.
  const listed = certificatesIn(await certutil(world, place, { args: ["-L", "-a", "-n", uri] }));
  if (listed.filter((der) => nssUri(der) === uri).length > 1) {
    throw trustErrors.TRUST_NSS_AMBIGUOUS({ store: place.title, folder: place.folder });
  }
  await certutil(world, place, { args: ["-D", "-n", uri] });
}

function isOf(root: Root): (entry: NssEntry) => boolean {
  return (entry) => entry.fingerprint256 === root.fingerprint256;
}

function addArgs(root: Root): string[] {
  // Trust flags: C, a CA trusted for TLS servers; nothing for mail, nothing for code.
  return ["-A", "-a", "-t", "C,,", "-n", `Genkan root ${shortFingerprint(root)}`];
}

async function makeDatabase(world: World, place: NssPlace): Promise<void> {
  if (hasDatabase(world, place)) return;
  const folder = world.at(place.folder);
  const context = { store: place.title, tool: "mkdir", install: "Install coreutils." };
  await through(context, runAs(world, ["mkdir", "-p", "-m", "700", folder]));
  await certutil(world, place, { args: ["-N", "--empty-password"] });
}

/** The root's entry and those NSS mixes up with it. */
async function entries(world: World, place: NssPlace, root: Root): Promise<NssEntry[]> {
  if (!hasDatabase(world, place)) return [];
  try {
    return parseNssListing(await certutil(world, place, { args: ["-L", "-n", nssUri(root.der)] }));
  } catch (thrown) {
    // certutil has one exit code for every "no"; NSS's tools speak English only.
    if (thrown instanceof GenkanError && /Could not find cert/.test(thrown.message)) return [];
    throw thrown;
  }
}

function hasDatabase(world: World, { folder }: NssPlace): boolean {
  return existsSync(world.at(join(folder, "cert9.db")));
}

interface Call {
  readonly args: readonly string[];
  readonly input?: string;
}

async function certutil(world: World, place: NssPlace, { args, input }: Call): Promise<string> {
  // An empty password file keeps certutil from asking at the terminal.
  const all = [
    "certutil",
    ...args,
    "-d",
    `sql:${world.at(place.folder)}`,
    "-f",
    "/dev/null",
  ] as const;
  const context = { store: place.title, tool: "certutil", install: place.install };
  const running = runAs(world, all, input === undefined ? {} : { input });
  return (await through(context, running.catch(rethrowLocked(place)))).stdout;
}

function rethrowLocked({ title }: NssPlace): (thrown: unknown) => never {
  return (thrown) => {
    if (thrown instanceof ProgramFailedError && /SEC_ERROR_BAD_PASSWORD/.test(thrown.end.output)) {
      throw trustErrors.TRUST_NSS_LOCKED({ store: title }, { cause: thrown });
    }
    throw thrown;
  };
}

interface Change {
  readonly root: Root;
  readonly action: Action;
}

function planOf(world: World, place: NssPlace, { root, action }: Change): Step[] {
  const { title, folder } = place;
  const command = (...args: string[]): string =>
    commandText("certutil", ...args, "-d", `sql:${folder}`);
  if (action === "remove") {
    const says = `take the root out of ${title}`;
    return [{ says, command: command("-D", "-n", nssUri(root.der)) }];
  }
  const add: Step = { says: `put the root into ${title}`, command: command(...addArgs(root)) };
  if (hasDatabase(world, place)) return [add];
  return [{ says: `make ${folder}`, command: command("-N", "--empty-password") }, add];
}
