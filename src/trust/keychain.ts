/*
 * The macOS keychain, read by Safari, Chrome and (since 120) Firefox. An ordinary user's trust is
 * set in their own login keychain; root sets it for everybody. Either way macOS asks for a
 * password in a window of its own (since Big Sur even root is asked), so it cannot be done over ssh.
 */
import { join } from "node:path";
import { GenkanError } from "../kernel/errors.ts";
import { ProgramFailedError } from "../platform/run.ts";
import { commandText } from "./command-text.ts";
import type { Root } from "./needs.ts";
import { withRootFile } from "./root-file.ts";
import type { Action, Step, TrustStore } from "./store.ts";
import { ASKING, through } from "./tool.ts";
import type { World } from "./world.ts";

const SECURITY = "/usr/bin/security";
const TITLE = "the macOS keychain (Safari, Chrome, Firefox 120 and later)";

export function createKeychainStore(world: World): TrustStore {
  return {
    id: "keychain",
    title: TITLE,
    audience: "system",
    needsRoot: false,
    has: async (root) => (await isPresent(world, root, [])) && (await isTrusted(world, root)),
    install: (root) =>
      withRootFile(world.host, root, async (path) => {
        await security(world, addArgs(world, path));
      }),
    remove: (root) => remove(world, root),
    plan: (root, action) => planOf(world, root, action),
  };
}

async function remove(world: World, root: Root): Promise<void> {
  const keychain = keychainOf(world);
  if (!(await isPresent(world, root, [keychain]))) return;
  await withRootFile(world.host, root, async (path) => {
    try {
      await security(world, ["remove-trusted-cert", ...domain(world), path]);
    } catch (thrown) {
      // Present but never trusted: nothing to take back. Whether it is gone is looked at afterwards.
      if (!(thrown instanceof GenkanError)) throw thrown;
    }
  });
  await security(world, deleteArgs(world, root));
}

/** `find-certificate -a -Z` prints a `SHA-256 hash:` line for every certificate. */
async function isPresent(world: World, root: Root, keychains: string[]): Promise<boolean> {
  const listing = await security(world, ["find-certificate", "-a", "-Z", ...keychains]);
  const hashes = [...listing.matchAll(/^SHA-256 hash:\s*([0-9A-F]+)/gim)].map(([, hash]) => hash);
  return hashes.some((hash) => hash?.toUpperCase() === bareFingerprint(root));
}

/** Present is not trusted. `-l`: this certificate is a CA itself; `-L`: this machine only, no network. */
function isTrusted(world: World, root: Root): Promise<boolean> {
  return withRootFile(world.host, root, async (path) => {
    const running = world.run(SECURITY, ["verify-cert", "-c", path, "-p", "basic", "-l", "-L"]);
    try {
      await running;
      return true;
    } catch (thrown) {
      if (thrown instanceof ProgramFailedError && thrown.end.exitCode !== undefined) return false;
      return await through(
        { store: TITLE, tool: SECURITY, install: NO_MAC },
        Promise.reject(thrown),
      );
    }
  });
}

const NO_MAC = "This program is a part of macOS; see that /usr/bin is whole.";

async function security(world: World, args: readonly string[]): Promise<string> {
  const running = world.run(SECURITY, args, { timeout: ASKING });
  return (await through({ store: TITLE, tool: SECURITY, install: NO_MAC }, running)).stdout;
}

function addArgs(world: World, path: string): string[] {
  return ["add-trusted-cert", ...domain(world), "-r", "trustRoot", "-k", keychainOf(world), path];
}

function deleteArgs(world: World, root: Root): string[] {
  return ["delete-certificate", "-Z", bareFingerprint(root), keychainOf(world)];
}

/** `-d`: the trust settings of everybody, not of this user. */
function domain({ host }: World): string[] {
  return host.isRoot ? ["-d"] : [];
}

function keychainOf({ host, person }: World): string {
  return host.isRoot
    ? "/Library/Keychains/System.keychain"
    : join(person.home, "Library/Keychains/login.keychain-db");
}

function bareFingerprint(root: Root): string {
  return root.fingerprint256.replaceAll(":", "").toUpperCase();
}

function planOf(world: World, root: Root, action: Action): Step[] {
  const asks: Step = {
    says: "macOS will ask for your password in a window (not possible over ssh)",
  };
  const command = (args: string[]): string => commandText("security", ...args);
  if (action === "install") {
    const says = `put the root into ${TITLE}`;
    return [asks, { says, command: command(addArgs(world, root.path)) }];
  }
  const says = `take the root out of ${TITLE}`;
  return [asks, { says, command: command(deleteArgs(world, root)) }];
}
