/*
 * The Java keystores of this machine that nobody else feeds. Only looks.
 */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../kernel/errors.ts";
import type { World } from "./world.ts";

export interface JavaHome {
  /** The keystore's real path. */
  readonly cacerts: string;
  readonly keytool: string;
  /** Numeric id of the keystore's owner. */
  readonly owner: number;
  /** Numeric id of the keytool's owner; 0 where the one on the path is taken. */
  readonly toolOwner: number;
}

/** Where installations are collected, one folder each; `Contents/Home` is macOS's way. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  linux: ["/usr/lib/jvm", "/usr/java", "/opt/java"],
  macos: ["/Library/Java/JavaVirtualMachines"],
  windows: [],
  other: [],
};

/** Java 9 and later, then Java 8's two forms. */
const CACERTS = [
  "lib/security/cacerts",
  "jre/lib/security/cacerts",
  "Contents/Home/lib/security/cacerts",
];

/**
 * @param fed a keystore the system's store writes (linux-anchors.ts): whatever leads there is left
 *   out, for a change of ours would be lost at the next update.
 */
export function javaHomes(world: World, fed: string | undefined): JavaHome[] {
  const found = new Map<string, JavaHome>();
  const fedPath = fed === undefined ? undefined : realPath(world.at(fed));
  for (const home of homes(world)) {
    const cacerts = CACERTS.map((path) => realPath(world.at(join(home, path)))).find(Boolean);
    if (cacerts === undefined || cacerts === fedPath || found.has(cacerts)) continue;
    const keytool = keytoolOf(world, home);
    const toolOwner = existsSync(keytool) ? statSync(keytool).uid : 0;
    found.set(cacerts, { cacerts, keytool, toolOwner, owner: statSync(cacerts).uid });
  }
  return [...found.values()];
}

function homes(world: World): string[] {
  const { host, person } = world;
  const own = host.env["JAVA_HOME"];
  const parents = [
    ...(PARENTS[host.os] ?? []),
    join(person.home, ".sdkman/candidates/java"),
    join(person.home, ".jdks"),
  ];
  const collected = parents.flatMap((parent) =>
    namesIn(world.at(parent)).map((name) => join(parent, name)),
  );
  return own ? [own, ...collected] : collected;
}

function keytoolOf(world: World, home: string): string {
  const program = world.host.os === "windows" ? "keytool.exe" : "keytool";
  const candidates = [join(home, "bin", program), join(home, "Contents/Home/bin", program)];
  return candidates.map((path) => world.at(path)).find((path) => existsSync(path)) ?? program;
}

function realPath(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (thrown) {
    // Not there, or another user's: no Java of ours.
    if (["ENOENT", "EACCES", "ENOTDIR"].includes(codeOf(thrown) ?? "")) return [];
    throw thrown;
  }
}
