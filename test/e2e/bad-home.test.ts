/*
 * Homes in which something is wrong: rights, room, halves of files, other versions, several at once,
 * power cuts. A clear word, nothing lost, and never a second root.
 */
import { execFileSync, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Ended, freePort, genkan, launchDoor, openDoor, PROGRAM } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { visit } from "../support/visit.ts";

/** Every file below a folder with its text, so that two moments can be compared. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}

/** What a command says that cannot do its work: a sentence, a next step, a code; never a stack. */
function expectRefusal({ code, stderr }: Ended, errorCode: string | RegExp): void {
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/^genkan: \S/m);
  expect(stderr).toMatch(/^ {2}-> \S/m);
  expect(/^ {2}\((\w+)\)$/m.exec(stderr)?.[1]).toMatch(errorCode);
  expect(stderr).not.toMatch(/^ {4}at /m);
}

type User = Pick<SpawnOptions, "uid" | "gid">;

/** Runs `genkan ARGS` as some user; ended after a while where it does not end by itself. */
async function genkanAs(user: User, home: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    ...user,
    env: { ...process.env, GENKAN_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  clearTimeout(timer);
  return { code: child.exitCode, stdout, stderr };
}

/** `genkan up` where it must not open. */
async function tryUp(home: string, user: User = {}): Promise<Ended> {
  const ports = ["--https-port", String(await freePort()), "--http-port", String(await freePort())];
  return genkanAs(user, home, ["up", "--address", "127.0.0.1", ...ports]);
}

/** What is tried first differs from command to command. */
/** Who is let in is the affair of other tests. */
const OPEN = ["--access", "open"];
const NO_PLACE = /^FILE_NOT_(?:READABLE|WRITABLE)$/;

const WRITERS: [command: string, args: (folder: string) => string[]][] = [
  ["add", () => ["add", "wiki", "3000"]],
  ["root --create", () => ["root", "--create"]],
  ["cert", (folder) => ["cert", "wiki.local", "--out", folder]],
];

async function anApp(): Promise<number> {
  const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return address.port;
}

/** A home that was used: an authority, a leaf for `wiki.local`, a configuration with a comment. */
let used = "";
beforeAll(async () => {
  used = join(tmpdir(), `genkan-test-used-${process.pid}`);
  mkdirSync(used, { mode: 0o700 });
  await genkan(used, ["add", "wiki", "3000"]);
  appendFileSync(join(used, "genkan.yaml"), "# mine\n");
  const place = { home: used, httpsPort: await freePort(), httpPort: await freePort() };
  const { opened, end } = launchDoor(place);
  await visit(await opened, "wiki.local");
  await end();
  return () => rmSync(used, { recursive: true, force: true });
});

/** A copy of it. */
function usedHome(): string {
  const home = join(tempFolder(), "home");
  execFileSync("cp", ["-a", used, home]);
  return home;
}

const AUTHORITY = "state/pki/authority";
const rootOf = (home: string): string => readFileSync(join(home, AUTHORITY, "root.pem"), "utf8");

/** The folder above the program, up to the root of the disk, that other users may not enter. */
function closedFolder(folder = join(import.meta.dirname, "../..")): string | undefined {
  if ((statSync(folder).mode & 0o001) === 0) return folder;
  return dirname(folder) === folder ? undefined : closedFolder(dirname(folder));
}

const isRoot = process.getuid?.() === 0;
const closed = isRoot ? closedFolder() : undefined;
const whyNot =
  closed === undefined ? "" : ` [${closed} is closed to the user the tests would run as]`;

describe.skipIf(closed !== undefined)(`rights${whyNot}`, () => {
  /** A user for whom rights count. */
  const nobody: User = isRoot ? { uid: 65534, gid: 65534 } : {};
  const asNobody = (home: string, args: readonly string[]) => genkanAs(nobody, home, args);

  /** Makes a folder and all above it that is the test's own another user's. */
  function give(home: string): void {
    if (!isRoot) return;
    execFileSync("chown", ["-R", `${nobody.uid}:${nobody.gid}`, join(home, "..")]);
  }
  function emptyHome(): string {
    const home = join(tempFolder(), "home");
    mkdirSync(home);
    give(home);
    return home;
  }

  test("another user can run the program, so the next tests are about rights", async () => {
    expect(await asNobody(emptyHome(), ["--version"])).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(WRITERS)("`genkan %s` in a home that may only be read", async (_command, args) => {
    const home = emptyHome();
    chmodSync(home, 0o555);
    expectRefusal(await asNobody(home, args(home)), "FILE_NOT_WRITABLE");
    expect(readdirSync(home)).toEqual([]);
  });

  test("`genkan up` in a home that may only be read", async () => {
    const home = emptyHome();
    chmodSync(home, 0o555);
    expectRefusal(await tryUp(home, nobody), "FILE_NOT_WRITABLE");
    expect(readdirSync(home)).toEqual([]);
  });

  test.each([...WRITERS, ["list", () => ["list"]] as const, ["root", () => ["root"]] as const])(
    "`genkan %s` in a home that may not even be looked into",
    async (_command, args) => {
      const home = usedHome();
      const before = contentsOf(home);
      give(home);
      chmodSync(home, 0);
      expectRefusal(await asNobody(home, args(home)), NO_PLACE);
      expect(contentsOf(home)).toEqual(before);
    },
  );

  test("a configuration that may not be read keeps the door shut, and stays as it was", async () => {
    const home = usedHome();
    give(home);
    chmodSync(join(home, "genkan.yaml"), 0);
    const before = contentsOf(home);
    expectRefusal(await tryUp(home, nobody), "FILE_NOT_READABLE");
    expectRefusal(await asNobody(home, ["add", "blog", "3001"]), "FILE_NOT_READABLE");
    expect(contentsOf(home)).toEqual(before);
  });

  test("a key that may not be read is no reason for a second root", async () => {
    const home = usedHome();
    give(home);
    chmodSync(join(home, AUTHORITY, "intermediate-key.pem"), 0);
    const root = rootOf(home);
    expectRefusal(await tryUp(home, nobody), "FILE_NOT_READABLE");
    expectRefusal(await asNobody(home, ["cert", "wiki.local", "--out", home]), "FILE_NOT_READABLE");
    expect(rootOf(home)).toBe(root);
  });

  test("a folder for certificates that may not be written to", async () => {
    const home = usedHome();
    give(home);
    const out = tempFolder();
    chmodSync(out, 0o555);
    expectRefusal(await asNobody(home, ["cert", "wiki.local", "--out", out]), "FILE_NOT_WRITABLE");
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("places", () => {
  test.each(WRITERS)("`genkan %s` where the home is a file", async (_command, args) => {
    const home = join(tempFolder(), "home");
    writeFileSync(home, "mine");
    const refused = await genkan(home, args(tempFolder()));
    expectRefusal(refused, NO_PLACE);
    expect(readFileSync(home, "utf8")).toBe("mine");
  });

  test("`genkan up` where the home is a file", async () => {
    const home = join(tempFolder(), "home");
    writeFileSync(home, "mine");
    const refused = await tryUp(home);
    expectRefusal(refused, NO_PLACE);
    expect(readFileSync(home, "utf8")).toBe("mine");
  });

  test("a home with blanks, quotes and letters of the world in its name is a home", async () => {
    const home = join(tempFolder(), "Großmutters 'Haus' 玄関 $HOME `x`");
    expect(await genkan(home, ["add", "wiki", String(await anApp()), ...OPEN])).toMatchObject({
      code: 0,
    });
    const door = await openDoor(home);
    expect((await visit(door, "wiki.local")).status).toBe(200);
    expect((await door.genkan("status")).stdout).toContain("wiki");
    expect(await door.genkan("stop")).toMatchObject({ code: 0 });
  });

  test("so it is without GENKAN_HOME, where the person's own home is called like that", async () => {
    const env = {
      GENKAN_HOME: "",
      HOME: join(tempFolder(), "Ünï çødé home"),
      XDG_CONFIG_HOME: "",
      XDG_DATA_HOME: "",
    };
    mkdirSync(env.HOME);
    const port = String(await anApp());
    expect(await genkan("", ["add", "wiki", port, ...OPEN], { env })).toMatchObject({ code: 0 });
    const door = await openDoor("", [], env);
    expect(door.ready.root.path).toContain(join(env.HOME, ".local/share/genkan"));
    expect((await visit(door, "wiki.local")).status).toBe(200);
    expect(await genkan("", ["stop"], { env })).toMatchObject({ code: 0 });
  });

  test("a home too deep for a control socket has it elsewhere, and everything works", async () => {
    const home = join(tempFolder(), ...Array.from({ length: 8 }, () => "deep".repeat(10)));
    const door = await openDoor(home, [`wiki=${await anApp()}`]);
    expect((await door.genkan("status")).stdout).toContain("wiki");
    expect((await door.genkan("up")).stderr).toContain("(DOOR_ALREADY_OPEN)");
    expect(await door.genkan("stop")).toMatchObject({ code: 0 });
  });

  test("a home too deep for the system is refused in words", async () => {
    const home = join(tempFolder(), ...Array.from({ length: 200 }, () => "deep".repeat(10)));
    const refused = await tryUp(home);
    expectRefusal(refused, NO_PLACE);
    expect(refused.stderr).toContain("the path is too long");
  });
});

/** A small disk of its own, gone when the test ends. */
function smallDisk(): string {
  const place = join(tempFolder(), "disk");
  mkdirSync(place);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "none", place], {
    stdio: "pipe",
  });
  onTestFinished(() => void execFileSync("umount", [place]));
  return place;
}

function fill(disk: string): void {
  const file = openSync(join(disk, "filler"), "a");
  let size = 65_536;
  while (size > 0) if (!hasRoom(file, size)) size = Math.floor(size / 2);
  closeSync(file);
}

function hasRoom(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) > 0;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC") return false;
    throw thrown;
  }
}

const mayMount = ((): boolean => {
  const place = join(tmpdir(), `genkan-test-mount-${process.pid}`);
  mkdirSync(place);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", place], { stdio: "pipe" });
    execFileSync("umount", [place]);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error) return false;
    throw thrown;
  } finally {
    rmSync(place, { recursive: true });
  }
})();

describe.skipIf(!mayMount)(
  `a full disk${mayMount ? "" : " [this user may not mount a small one]"}`,
  () => {
    test.each(WRITERS)("`genkan %s` says so and leaves what was there", async (_command, args) => {
      const disk = smallDisk();
      execFileSync("cp", ["-a", join(used, "genkan.yaml"), disk]);
      fill(disk);
      const before = contentsOf(disk);
      const extra = args(disk).map((arg) => (arg === "wiki" ? "blog" : arg));
      const refused = await genkan(disk, extra);
      expectRefusal(refused, "FILE_NOT_WRITABLE");
      expect(refused.stderr).toContain("the disk is full");
      expect(contentsOf(disk)).toEqual(before);
    });

    test("`genkan up` says so and leaves what was there; with room again it opens", async () => {
      const disk = smallDisk();
      fill(disk);
      const refused = await tryUp(disk);
      expectRefusal(refused, "FILE_NOT_WRITABLE");
      expect(refused.stderr).toContain("the disk is full");
      expect(Object.keys(contentsOf(disk))).toEqual(["filler"]);
      rmSync(join(disk, "filler"));
      const door = await openDoor(disk);
      expect((await visit(door, "hello.local")).status).toBe(200);
    });

    test("the room for an authority may run out at any byte: there is none then, and no half", async () => {
      for (const room of [1, 4, 8, 12, 16, 20]) {
        const disk = smallDisk();
        const home = join(disk, "home");
        mkdirSync(home, { mode: 0o700 });
        fill(disk);
        truncateSync(join(disk, "filler"), statSync(join(disk, "filler")).size - room * 1024);
        const made = await genkan(home, ["root", "--create"]);
        rmSync(join(disk, "filler"));
        const shown = await genkan(home, ["root"]);
        expect(shown.code).toBe(made.code);
        expect([made.code, made.stderr].join()).toMatch(/^0,|FILE_NOT_WRITABLE/);
        expect(readdirSync(join(home, "state/pki")).filter((name) => name.includes("new"))).toEqual(
          [],
        );
      }
    });

    test("an open door goes on serving, new names too, and says what it could not write", async () => {
      const disk = smallDisk();
      const port = await anApp();
      const door = await openDoor(disk, [`wiki=${port}`, `blog=${port}`]);
      expect((await visit(door, "wiki.local")).status).toBe(200);
      fill(disk);
      for (let i = 0; i < 3; i++) {
        expect((await visit(door, "wiki.local")).status).toBe(200);
        expect((await visit(door, "blog.local")).status).toBe(200); // its leaf is made now
      }
      await expect.poll(() => door.stderr(), { timeout: 10_000 }).toMatch(/disk is full|ENOSPC/);
      expectRefusal(await door.genkan("add", "notes", "3000"), "FILE_NOT_WRITABLE");
      expect((await door.genkan("status")).stdout).toContain("blog");
      rmSync(join(disk, "filler"));
      expect(await door.genkan("add", "notes", String(port), ...OPEN)).toMatchObject({ code: 0 });
      expect((await visit(door, "notes.local")).status).toBe(200);
      expect(await door.end()).toBe(0);
    });
  },
);

describe("a home of a newer Genkan", () => {
  test("its authority is left alone", async () => {
    const home = usedHome();
    const path = join(home, AUTHORITY, "authority.json");
    const state = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...state, version: 2, more: "?" }));
    const before = contentsOf(home);
    for (const args of [["root"], ["root", "--create"], ["cert", "wiki.local", "--out", home]]) {
      expectRefusal(await genkan(home, args), "PKI_FROM_NEWER_VERSION");
    }
    expectRefusal(await tryUp(home), "PKI_FROM_NEWER_VERSION");
    expect(withoutLog(contentsOf(home))).toEqual(withoutLog(before));
  });

  test("its configuration is left alone", async () => {
    const home = usedHome();
    writeFileSync(join(home, "genkan.yaml"), "version: 2\nrooms: {}\n");
    const before = contentsOf(home);
    for (const args of [["list"], ["add", "blog", "3001"], ["root"], ["remove", "wiki"]]) {
      expectRefusal(await genkan(home, args), "CONFIG_FROM_NEWER_VERSION");
    }
    expectRefusal(await tryUp(home), "CONFIG_FROM_NEWER_VERSION");
    expect(withoutLog(contentsOf(home))).toEqual(withoutLog(before));
  });
});

/** The log may tell of what was refused. */
function withoutLog({ "state/genkan.log": _log, ...files }: Record<string, string>) {
  return files;
}

describe("half of a file", () => {
  const cut = (home: string, name: string): void => {
    const path = join(home, name);
    truncateSync(path, Math.floor(statSync(path).size / 2));
  };

  test.each(["authority.json", "root.pem", "intermediate.pem", "intermediate-key.pem"])(
    "of the authority (%s): the door says so, and no second root is made",
    async (name) => {
      const home = usedHome();
      cut(home, join(AUTHORITY, name));
      const before = contentsOf(home);
      for (const args of [["root"], ["root", "--create"], ["cert", "wiki.local", "--out", home]]) {
        expectRefusal(await genkan(home, args), "PKI_AUTHORITY_DAMAGED");
      }
      expectRefusal(await tryUp(home), "PKI_AUTHORITY_DAMAGED");
      expect(withoutLog(contentsOf(home))).toEqual(withoutLog(before));
    },
  );

  test("an authority without one of its files is told by that file's name", async () => {
    const home = usedHome();
    rmSync(join(home, AUTHORITY, "intermediate-key.pem"));
    const refused = await tryUp(home);
    expectRefusal(refused, "PKI_AUTHORITY_DAMAGED");
    expect(refused.stderr).toContain("intermediate-key.pem is missing");
  });

  test("of a leaf, of the lock, of the log: the door opens as if nothing had been", async () => {
    const home = usedHome();
    const leaf = "state/pki/leaves/leaf.wiki.local.pem";
    writeFileSync(join(home, "state/door.lock"), '{"pid":1,"startedAt":17');
    cut(home, "state/genkan.log");
    truncateSync(join(home, leaf), 500); // its key is whole, its certificate is not
    const door = await openDoor(home, [`wiki=${await anApp()}`]);
    expect(readFileSync(door.ready.root.path, "utf8")).toBe(rootOf(used));
    expect((await visit(door, "wiki.local")).status).toBe(200);
    await expect
      .poll(() => readFileSync(join(home, leaf), "utf8"))
      .toMatch(/(?:CERTIFICATE-----\n[^]*){2}/);
    expect((await door.genkan("up")).stderr).toContain("(DOOR_ALREADY_OPEN)");
  });

  test.each([
    ["within a word", "apps:\n  wiki: 3000\n  blog:\n    targ"],
    ["within a quoted text", 'apps:\n  wiki: "http://loc'],
    ["within a list", "apps:\n  wiki:\n    target: 3000\n    hosts: [wiki.lan, wi"],
    [
      "within a character",
      Buffer.from("apps:\n  wiki: 3000 # Großmutter").subarray(0, -7).toString("latin1"),
    ],
  ])(
    "of the configuration, cut %s: told by line, and neither obeyed nor overwritten",
    async (_where, half) => {
      const home = usedHome();
      writeFileSync(join(home, "genkan.yaml"), half, "latin1");
      const before = contentsOf(home);
      const refused = await tryUp(home);
      expectRefusal(refused, "CONFIG_INVALID");
      expect(refused.stderr).toMatch(/genkan.yaml:\d+:\d+/);
      expectRefusal(await genkan(home, ["add", "notes", "3001"]), "CONFIG_INVALID");
      expect(withoutLog(contentsOf(home))).toEqual(withoutLog(before));
    },
  );
});

describe("at once", () => {
  test("of several doors started at the same instant on an empty home one opens, with one authority", async () => {
    for (let round = 0; round < 3; round++) {
      const home = join(tempFolder(), "home");
      const places = await Promise.all(
        [1, 2, 3].map(async () => ({
          home,
          httpsPort: await freePort(),
          httpPort: await freePort(),
        })),
      );
      const doors = places.map((place) => launchDoor(place));
      onTestFinished(async () => void (await Promise.all(doors.map(({ end }) => end("SIGKILL")))));
      const results = await Promise.allSettled(doors.map(({ opened }) => opened));
      const open = results.flatMap((result) =>
        result.status === "fulfilled" ? [result.value] : [],
      );
      expect(open).toHaveLength(1);
      const refusals = results.filter((result) => result.status === "rejected");
      expect(refusals.map(({ reason }) => String(reason))).toEqual(
        Array.from({ length: 2 }, () => expect.stringContaining("DOOR_ALREADY_OPEN")),
      );
      expect((await visit(open[0]!, "hello.local")).status).toBe(200);
      expect(
        readdirSync(join(home, "state/pki")).filter((name) => name.startsWith("authority")),
      ).toEqual(["authority"]);
    }
  });

  test("apps added by several processes are all there afterwards", async () => {
    const home = tempFolder();
    const names = ["one", "two", "three", "four", "five", "six"];
    const added = await Promise.all(names.map((name) => genkan(home, ["add", name, "3000"])));
    expect(added.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, ""]));
    const { stdout } = await genkan(home, ["list", "--json"]);
    for (const name of names) expect(stdout).toContain(`"${name}"`);
    expect(readdirSync(home).filter((name) => name !== "state")).toEqual(["genkan.yaml"]);
  });

  test("roots asked for by several processes are one root", async () => {
    const home = tempFolder();
    await Promise.all([1, 2, 3, 4].map(() => genkan(home, ["root", "--create"])));
    const shown = await Promise.all([1, 2].map(() => genkan(home, ["root", "fingerprint"])));
    expect(new Set(shown.map(({ stdout }) => stdout)).size).toBe(1);
    expect(readdirSync(join(home, "state/pki"))).toEqual(["authority"]);
  });
});

describe("power cuts", () => {
  test("killed at any moment of its first start, the door starts in the end with exactly one root", async () => {
    const home = join(tempFolder(), "home");
    const roots = new Set<string>();
    const note = (): void => {
      try {
        roots.add(rootOf(home));
      } catch (thrown) {
        if (!(thrown instanceof Error)) throw thrown; // none yet
      }
    };
    for (let i = 0; i < 15; i++) {
      const place = { home, httpsPort: await freePort(), httpPort: await freePort() };
      const { opened, end } = launchDoor(place);
      opened.catch(() => undefined); // killed before it opened: that is the story
      await wait(Math.random() * 400);
      await end("SIGKILL");
      note();
    }
    const door = await openDoor(home);
    note();
    expect(roots.size).toBe(1);
    expect((await visit(door, "hello.local")).status).toBe(200);
    const made = readdirSync(join(home, "state/pki")).filter((name) =>
      name.startsWith("authority"),
    );
    expect(made).toEqual(["authority"]);
    // A record that was cut off in the writing is swept up by a later start, when nobody can be writing it any more.
    const locks = readdirSync(join(home, "state")).filter(
      (name) => name.startsWith("door.lock") && statSync(join(home, "state", name)).size > 0,
    );
    expect(locks).toEqual(["door.lock"]);
  });

  test("killed while it adds apps, the configuration is always one that can be read", async () => {
    const home = tempFolder();
    await genkan(home, ["add", "first", "3000"]);
    for (let i = 0; i < 10; i++) {
      const child = spawn(process.execPath, [PROGRAM, "add", `app${i}`, "3000"], {
        env: { ...process.env, GENKAN_HOME: home },
        stdio: "ignore",
      });
      await wait(50 + Math.random() * 250);
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      expect(await genkan(home, ["list"])).toMatchObject({ code: 0 });
    }
    expect(await genkan(home, ["add", "last", "3000"])).toMatchObject({ code: 0 });
    expect((await genkan(home, ["list"])).stdout).toMatch(/first[^]*last/);
  });
});
