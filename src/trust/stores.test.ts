import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import type { Host } from "../platform/host.ts";
import { storesFor } from "./stores.ts";

interface Machine {
  readonly title: string;
  readonly host: Partial<Host>;
  /** Files that are there, all empty. */
  readonly files: readonly string[];
  readonly stores: readonly string[];
  /** Those of them that only the administrator may change. */
  readonly forRoot?: readonly string[];
}

const DB = "cert9.db";

const machines: Machine[] = [
  {
    title: "a bare Debian has its anchors",
    host: {},
    files: [],
    stores: ["system"],
    forRoot: ["system"],
  },
  {
    title: "root needs no root",
    host: { isRoot: true, uid: 0, home: "/root", env: {} },
    files: ["/usr/bin/firefox-esr"],
    stores: ["system", "firefox-policy"],
  },
  {
    title: "a browser that was never opened gets the newer database",
    host: {},
    files: ["/usr/bin/chromium"],
    stores: ["system", "nss:/home/ada/.local/share/pki/nssdb"],
    forRoot: ["system"],
  },
  {
    title: "the older database alone is taken where it is the one that exists",
    host: {},
    files: ["/usr/bin/google-chrome", `/home/ada/.pki/nssdb/${DB}`],
    stores: ["system", "nss:/home/ada/.pki/nssdb"],
    forRoot: ["system"],
  },
  {
    title: "both databases are taken where both exist, with or without a browser",
    host: {},
    files: [`/home/ada/.pki/nssdb/${DB}`, `/home/ada/.local/share/pki/nssdb/${DB}`],
    stores: ["system", "nss:/home/ada/.local/share/pki/nssdb", "nss:/home/ada/.pki/nssdb"],
    forRoot: ["system"],
  },
  {
    title: "XDG_DATA_HOME moves the newer database",
    host: { env: { XDG_DATA_HOME: "/data/ada" } },
    files: ["/usr/bin/chromium"],
    stores: ["system", "nss:/data/ada/pki/nssdb"],
    forRoot: ["system"],
  },
  {
    title: "browsers as snaps keep their own",
    host: { distro: ["ubuntu", "debian"] },
    files: [
      `/home/ada/snap/chromium/current/.pki/nssdb/${DB}`,
      `/home/ada/snap/firefox/common/.mozilla/firefox/a1.default/${DB}`,
      "/snap/firefox/current/meta/snap.yaml",
    ],
    stores: [
      "system",
      "firefox-policy",
      "nss:/home/ada/snap/chromium/current/.pki/nssdb",
      "firefox:/home/ada/snap/firefox/common/.mozilla/firefox/a1.default",
    ],
    forRoot: ["system", "firefox-policy"],
  },
  {
    title: "browsers as flatpaks keep their own, and other flatpaks are no browsers",
    host: { distro: ["fedora"] },
    files: [
      `/home/ada/.var/app/com.google.Chrome/data/pki/nssdb/${DB}`,
      `/home/ada/.var/app/org.gnome.Evolution/data/pki/nssdb/${DB}`,
      `/home/ada/.var/app/org.mozilla.firefox/.mozilla/firefox/b2.default/${DB}`,
    ],
    stores: [
      "system",
      "nss:/home/ada/.var/app/com.google.Chrome/data/pki/nssdb",
      "firefox:/home/ada/.var/app/org.mozilla.firefox/.mozilla/firefox/b2.default",
    ],
    forRoot: ["system"],
  },
  {
    title: "every Firefox profile that was opened counts, in the old place and the new",
    host: { distro: ["arch"] },
    files: [
      "/usr/bin/firefox",
      `/home/ada/.mozilla/firefox/c3.work/${DB}`,
      "/home/ada/.mozilla/firefox/profiles.ini",
      "/home/ada/.mozilla/firefox/d4.never-opened/times.json",
      `/home/ada/.config/mozilla/firefox/e5.default/${DB}`,
    ],
    stores: [
      "system",
      "firefox-policy",
      "firefox:/home/ada/.mozilla/firefox/c3.work",
      "firefox:/home/ada/.config/mozilla/firefox/e5.default",
    ],
    forRoot: ["system", "firefox-policy"],
  },
  {
    title: "a Linux inside Windows has the Windows around it too",
    host: { distro: ["ubuntu"], isWsl: true },
    files: [],
    stores: ["system", "wsl-windows"],
    forRoot: ["system"],
  },
  {
    title: "a distribution nobody described keeps its browsers",
    host: { distro: ["nixos"] },
    files: [`/home/ada/.pki/nssdb/${DB}`],
    stores: ["nss:/home/ada/.pki/nssdb"],
  },
  {
    title: "a Mac has one keychain for all browsers",
    host: { os: "macos", distro: [], home: "/Users/ada" },
    files: ["/Applications/Firefox.app/Contents/Info.plist"],
    stores: ["keychain"],
  },
  {
    title: "Windows has one root store for all browsers",
    host: { os: "windows", distro: [], uid: -1, home: "C:\\Users\\ada" },
    files: [],
    stores: ["windows-root"],
  },
  {
    title: "an unknown system has none",
    host: { os: "other", distro: [] },
    files: [],
    stores: [],
  },
];

test.each(machines)("$title", async ({ host, files, stores, forRoot = [] }) => {
  const root = machineWith(Object.fromEntries(files.map((file) => [file, ""])));
  const { run, started } = recordingRun();
  const found = await storesFor({ host: describeHost(host), run, files: { root } });
  expect(found.map(({ id }) => id)).toEqual(stores);
  expect(found.filter((store) => store.needsRoot).map(({ id }) => id)).toEqual(forRoot);
  expect(started).toEqual([]);
});
