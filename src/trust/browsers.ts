/*
 * Where Chromium's family and Firefox keep NSS databases on Linux. Only looks.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { codeOf } from "../kernel/errors.ts";
import type { World } from "./world.ts";

const CHROMIUM_PROGRAMS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/brave-browser",
  "/usr/bin/microsoft-edge",
  "/usr/bin/vivaldi",
];

const FIREFOX_PROGRAMS = [
  "/usr/bin/firefox",
  "/usr/bin/firefox-esr",
  "/usr/local/bin/firefox",
  "/snap/firefox",
  "/snap/bin/firefox",
  "/opt/firefox",
];

/**
 * Folders of Chromium's databases, in the form a person would write them. Since version 146 it is
 * `~/.local/share/pki/nssdb`, but `~/.pki/nssdb` where that exists: every one that exists is given,
 * and the newer one where a browser is here that has not made any yet.
 */
export function chromiumFolders(world: World): string[] {
  const { home } = world.person;
  const data = dataHome(world);
  const native = existingOr(
    world,
    [join(data, "pki/nssdb"), join(home, ".pki/nssdb")],
    CHROMIUM_PROGRAMS.some((path) => isThere(world, path)),
  );
  const snapHome = join(home, "snap/chromium/current");
  const snap = existingOr(
    world,
    [join(snapHome, ".local/share/pki/nssdb"), join(snapHome, ".pki/nssdb")],
    isThere(world, snapHome),
  );
  return [...native, ...snap, ...flatpakFolders(world)];
}

/** Folders of Firefox profiles that have a database (a profile that was never opened has none). */
export function firefoxProfiles(world: World): string[] {
  const { home } = world.person;
  return [
    ".mozilla/firefox",
    ".config/mozilla/firefox", // since Firefox 147 where ~/.mozilla does not exist
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/config/mozilla/firefox",
    ".librewolf",
  ]
    .map((base) => join(home, base))
    .flatMap((base) => foldersIn(world, base))
    .filter((folder) => isThere(world, join(folder, "cert9.db")));
}

/** Whether a Firefox that reads /etc/firefox/policies is installed. */
export function hasFirefox(world: World): boolean {
  return FIREFOX_PROGRAMS.some((path) => isThere(world, path));
}

function dataHome({ host, person }: World): string {
  // Under sudo the environment is root's, not the person's.
  const own = person.become.length === 0 ? host.env["XDG_DATA_HOME"] : undefined;
  return own || join(person.home, ".local/share");
}

/** Those that exist; the first where none does and `wanted` says that one is missed. */
function existingOr(world: World, folders: readonly string[], wanted: boolean): string[] {
  const existing = folders.filter((folder) => isThere(world, join(folder, "cert9.db")));
  return existing.length === 0 && wanted ? folders.slice(0, 1) : existing;
}

/** Flatpak gives each program a home of its own below ~/.var/app. */
function flatpakFolders(world: World): string[] {
  return foldersIn(world, join(world.person.home, ".var/app"))
    .filter((app) => /chrom|brave|edge|vivaldi/i.test(basename(app)))
    .flatMap((app) => [join(app, "data/pki/nssdb"), join(app, ".pki/nssdb")])
    .filter((folder) => isThere(world, join(folder, "cert9.db")));
}

function isThere(world: World, path: string): boolean {
  return existsSync(world.at(path));
}

function foldersIn(world: World, path: string): string[] {
  try {
    return readdirSync(world.at(path)).map((name) => join(path, name));
  } catch (thrown) {
    // Not there, or another user's: nothing of ours to find.
    if (["ENOENT", "EACCES", "ENOTDIR"].includes(codeOf(thrown) ?? "")) return [];
    throw thrown;
  }
}
