/*
 * Which stores this machine has. The daemon and the command line ask here and know no store by
 * name; a new kind of store is a new file and one line below.
 */
import { join } from "node:path";
import type { Host } from "../platform/host.ts";
import type { Run } from "../platform/run.ts";
import { chromiumFolders, firefoxProfiles, hasFirefox } from "./browsers.ts";
import { createFirefoxPolicyStore } from "./firefox-policy.ts";
import { javaHomes } from "./java-homes.ts";
import { createJavaStore } from "./java.ts";
import { createKeychainStore } from "./keychain.ts";
import { type LinuxAnchors, linuxAnchors } from "./linux-anchors.ts";
import { createNssStore } from "./nss-database.ts";
import type { TrustStore } from "./store.ts";
import { createSystemStore } from "./system-store.ts";
import { createWindowsStore, createWslStore } from "./windows-root.ts";
import { personOf, type World } from "./world.ts";

export interface StoresOptions {
  readonly host: Host;
  readonly run: Run;
  /** Where the machine's files begin: `/`, unless a test keeps a machine in a folder. */
  readonly files?: { readonly root: string };
}

/**
 * The stores that are here, in the order they are worked on. Looks at folders only; under sudo it
 * asks who called.
 * @throws TRUST_PERSON_UNKNOWN
 */
export async function storesFor({ host, run, files }: StoresOptions): Promise<TrustStore[]> {
  const root = files?.root ?? "/";
  const at = (path: string): string => (root === "/" ? path : join(root, path));
  const world: World = { host, run, at, person: await personOf(host, run) };
  switch (host.os) {
    case "linux":
      return linuxStores(world);
    case "macos":
      return [createKeychainStore(world), ...javaStores(world)];
    case "windows":
      return [createWindowsStore(world), ...javaStores(world)];
    case "other":
      return javaStores(world);
  }
}

function linuxStores(world: World): TrustStore[] {
  const { distro, isWsl } = world.host;
  const anchors = linuxAnchors(distro);
  return [
    ...(anchors ? [createSystemStore(world, anchors)] : []),
    ...(hasFirefox(world) ? [createFirefoxPolicyStore(world)] : []),
    ...nssStores(world, anchors),
    ...javaStores(world, anchors),
    ...(isWsl ? [createWslStore(world)] : []),
  ];
}

function nssStores(world: World, anchors: LinuxAnchors | undefined): TrustStore[] {
  const install = anchors?.installCertutil ?? "Install the NSS tools, which contain certutil.";
  const chromium = chromiumFolders(world).map((folder) =>
    createNssStore(world, {
      id: `nss:${folder}`,
      title: `Chromium's database ${folder}`,
      audience: "chromium",
      folder,
      install,
    }),
  );
  const firefox = firefoxProfiles(world).map((folder) =>
    createNssStore(world, {
      id: `firefox:${folder}`,
      title: `the Firefox profile ${folder}`,
      audience: "firefox",
      folder,
      install,
    }),
  );
  return [...chromium, ...firefox];
}

function javaStores(world: World, anchors?: LinuxAnchors): TrustStore[] {
  return javaHomes(world, anchors?.java).map((home) => createJavaStore(world, home));
}
