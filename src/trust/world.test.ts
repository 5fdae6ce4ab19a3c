import { chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { type Run, runProgram } from "../platform/run.ts";
import { rootOf } from "./needs.ts";
import { storesFor } from "./stores.ts";
import { trustRoot } from "./trust.ts";
import { personOf } from "./world.ts";

const sudo = { isRoot: true, uid: 0, user: "root", home: "/root" };

test("without sudo the person is whoever runs the program", async () => {
  const { run, started } = recordingRun();
  const ada = await personOf(describeHost({ env: { SUDO_UID: "1001" } }), run);
  expect(ada).toEqual({ uid: 1000, home: "/home/ada", become: [] });
  const root = await personOf(describeHost({ ...sudo, env: {} }), run);
  expect(root).toEqual({ uid: 0, home: "/root", become: [] });
  expect(started).toEqual([]);
});

test("under sudo the person is who called it, by the system's word for that number", async () => {
  const { run } = recordingRun((line) =>
    line === "getent passwd 1001" ? "grace:x:1001:1001:Grace,,,:/srv/homes/grace:/bin/sh\n" : 2,
  );
  const host = describeHost({ ...sudo, env: { SUDO_UID: "1001", SUDO_USER: "somebody-else" } });
  expect(await personOf(host, run)).toEqual({
    uid: 1001,
    home: "/srv/homes/grace",
    become: ["runuser", "-u", "grace", "--"],
  });
});

test("under sudo on a Mac the directory service is asked", async () => {
  const { run } = recordingRun(() => "NFSHomeDirectory: /Users/grace\n");
  const env = { SUDO_UID: "501", SUDO_USER: "grace" };
  expect(await personOf(describeHost({ ...sudo, os: "macos", env }), run)).toEqual({
    uid: 501,
    home: "/Users/grace",
    become: ["sudo", "-n", "-u", "grace", "--"],
  });
});

test.each(["0", "", "-1", "1001; reboot", "x"])(
  "SUDO_UID %j is nobody to work for",
  async (uid) => {
    const { run, started } = recordingRun();
    const host = describeHost({ ...sudo, env: { SUDO_UID: uid } });
    expect(await personOf(host, run)).toMatchObject({ home: "/root", become: [] });
    expect(started).toEqual([]);
  },
);

test("a caller whom the system does not know is said, not guessed", async () => {
  const host = describeHost({ ...sudo, env: { SUDO_UID: "1001" } });
  for (const answer of [2, "", "missing"]) {
    await expect(personOf(host, recordingRun(() => answer).run)).rejects.toMatchObject({
      code: "TRUST_PERSON_UNKNOWN",
    });
  }
});

test("under sudo a browser's database is changed as the person", async () => {
  const root = machineWith({ "/home/grace/.pki/nssdb/cert9.db": "" });
  const { run, started } = recordingRun((line) =>
    line.startsWith("getent") ? "grace:x:1001:1001::/home/grace:/bin/sh" : "",
  );
  const host = describeHost({ ...sudo, distro: [], env: { SUDO_UID: "1001" } });
  const stores = await storesFor({ host, run, files: { root } });
  expect(stores.map(({ id }) => id)).toEqual(["nss:/home/grace/.pki/nssdb"]);
  await stores[0]?.install(rootOf(await throwawayRoot(), ""));
  const tools = started.filter((line) => line.includes("certutil"));
  expect(tools.length).toBeGreaterThan(1);
  expect(tools.filter((line) => !line.startsWith("runuser -u grace -- certutil "))).toEqual([]);
});

const ROOT_ONLY = statSync("/").uid === process.getuid?.() ? [] : ["run-as-root"];

describeWithTools("under a real sudo", ["certutil", "runuser", ...ROOT_ONLY], () => {
  test("what is made in the person's home belongs to the person, whole way down", async () => {
    const home = tempFolder();
    mkdirSync(join(home, ".config"));
    for (const path of [home, join(home, ".config")]) chownSync(path, NOBODY, NOBODY);
    const run: Run = async (program, args, options) =>
      program === "getent"
        ? { stdout: `nobody:x:${NOBODY}:${NOBODY}::${home}:/bin/sh\n`, stderr: "" }
        : await runProgram(program, args, options);
    const files = { root: machineWith({ "/usr/bin/chromium": "" }) };
    const host = describeHost({ ...sudo, distro: [], env: { SUDO_UID: String(NOBODY) } });
    // The described machine has a browser; the home is a real one below it.
    mkdirSync(join(files.root, home), { recursive: true });
    chownSync(files.root, NOBODY, NOBODY);
    for (let path = join(files.root, home); path !== files.root; path = join(path, "..")) {
      chownSync(path, NOBODY, NOBODY);
    }
    const root = rootOf(await throwawayRoot(), "");
    const stores = await storesFor({ host, run, files });
    const results = await trustRoot({ root, stores, dryRun: false, report: () => undefined });
    expect(results).toMatchObject([{ outcome: "done" }]);
    const made = [".local", ".local/share/pki/nssdb", ".local/share/pki/nssdb/cert9.db"];
    const owners = made.map((path) => statSync(join(files.root, home, path)).uid);
    expect(owners).toEqual([NOBODY, NOBODY, NOBODY]);
    expect(statSync(join(files.root, home, ".local/share/pki/nssdb")).mode & 0o777).toBe(0o700);
  });
});

const NOBODY = 65534;
