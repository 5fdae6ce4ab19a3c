/*
 * One Java keystore, through its own keytool. The alias carries the fingerprint; what is looked
 * for and deleted is found by the certificate itself, under whatever alias.
 */
import { ProgramFailedError } from "../platform/run.ts";
import { commandText } from "./command-text.ts";
import { trustErrors } from "./errors.ts";
import type { JavaHome } from "./java-homes.ts";
import { type Root, shortFingerprint } from "./needs.ts";
import { isOnly } from "./pem.ts";
import type { Action, Step, TrustStore } from "./store.ts";
import { through } from "./tool.ts";
import { runAs, type World } from "./world.ts";

/** Every JDK's cacerts has this password; it protects nothing. */
const STORE_PASSWORD = "changeit";

/** Starting a Java machine on a small computer, in milliseconds. */
const STARTING_JAVA = 2 * 60_000;

export function createJavaStore(world: World, home: JavaHome): TrustStore {
  const title = `Java's keystore ${home.cacerts}`;
  return {
    id: `java:${home.cacerts}`,
    title,
    audience: "java",
    needsRoot: needsRoot(world, home),
    has: async (root) => (await aliasesOf(world, home, root)).length > 0,
    async install(root) {
      const args = ["-importcert", "-noprompt", "-alias", aliasFor(root)];
      if ((await aliasesOf(world, home, root)).length > 0) return;
      await keytool(world, home, { args, root });
    },
    async remove(root) {
      for (const alias of await aliasesOf(world, home, root)) {
        await keytool(world, home, { args: ["-delete", "-alias", alias], root });
      }
    },
    plan: (root, action) => planOf(home, title, { root, action }),
  };
}

/** Windows has no owners in this sense: there it is tried, and keytool says if it may not. */
function needsRoot({ host, person }: World, { owner }: JavaHome): boolean {
  return host.os !== "windows" && !host.isRoot && owner !== person.uid;
}

/** The aliases whose certificate is exactly this one. `keytool -list -rfc` prints name, then PEM. */
async function aliasesOf(world: World, home: JavaHome, root: Root): Promise<string[]> {
  const listing = await keytool(world, home, { args: ["-list", "-rfc"], root });
  return listing.split(/^Alias name: /m).flatMap((text) => {
    const alias = /^[^\r\n]*/.exec(text)?.[0];
    return alias && isOnly(text, root) ? [alias] : [];
  });
}

interface Call {
  readonly args: readonly string[];
  readonly root: Root;
}

async function keytool(world: World, home: JavaHome, { args, root }: Call): Promise<string> {
  // keytool speaks the person's language unless told; its listing is read here.
  const all = [home.keytool, "-J-Duser.language=en", "-J-Duser.country=US", ...args] as const;
  const command = [...all, "-keystore", home.cacerts, "-storepass", STORE_PASSWORD] as const;
  const options = { input: root.pem, timeout: STARTING_JAVA };
  // Root starts no program that an ordinary user could have put there.
  const isTheirs = home.owner === world.person.uid || home.toolOwner !== 0;
  const [program, ...rest] = command;
  const running = isTheirs ? runAs(world, command, options) : world.run(program, rest, options);
  const context = {
    store: `Java's keystore ${home.cacerts}`,
    tool: home.keytool,
    install: "Install a JDK: its keytool changes the keystore.",
  };
  const told = running.catch(rethrowPassword(home, root));
  return (await through(context, told)).stdout;
}

function rethrowPassword({ cacerts }: JavaHome, root: Root): (thrown: unknown) => never {
  return (thrown) => {
    if (thrown instanceof ProgramFailedError && /password was incorrect/.test(thrown.end.output)) {
      const p = { path: cacerts, file: root.path, alias: aliasFor(root) };
      throw trustErrors.TRUST_JAVA_PASSWORD(p, { cause: thrown });
    }
    throw thrown;
  };
}

function aliasFor(root: Root): string {
  return `genkan-root-${shortFingerprint(root)}`;
}

interface Change {
  readonly root: Root;
  readonly action: Action;
}

function planOf({ cacerts }: JavaHome, title: string, { root, action }: Change): Step[] {
  const verb = action === "install" ? "-importcert" : "-delete";
  const command = commandText("keytool", verb, "-alias", aliasFor(root), "-keystore", cacerts);
  const says =
    action === "install" ? `put the root into ${title}` : `take the root out of ${title}`;
  return [{ says, command }];
}
