import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { authorityWorld, worldWithAuthority } from "../../test/support/authority.ts";
import { createLog, type Log } from "../kernel/log.ts";
import { HOME_SCOPE } from "../model/scope.ts";
import { createAuthority, openAuthority } from "./authority.ts";
import { FILES } from "./state.ts";
import { fourWords } from "./words.ts";

const coded = (code: string) => expect.objectContaining({ code });
const folderOf = (dir: string): string => join(dir, "authority");

describe("making an authority", () => {
  test("leaves a folder of four files in which only the intermediate's key is secret", async () => {
    const { dir } = await worldWithAuthority();
    expect(await readdir(dir)).toEqual(["authority"]);
    const modes = await Promise.all(
      Object.values(FILES).map(async (name) => [
        name,
        (await stat(join(folderOf(dir), name))).mode & 0o777,
      ]),
    );
    expect(Object.fromEntries(modes)).toEqual({
      "authority.json": 0o644,
      "root.pem": 0o644,
      "intermediate.pem": 0o644,
      "intermediate-key.pem": 0o600,
    });
    expect((await stat(folderOf(dir))).mode & 0o777).toBe(0o700);
  });

  test("leaves no trace of the root's key", async () => {
    const { dir, authority } = await worldWithAuthority();
    const root = new X509Certificate(authority.root.pem);
    const files = await readdir(folderOf(dir));
    const texts = await Promise.all(
      files.map((name) => readFile(join(folderOf(dir), name), "utf8")),
    );
    expect(texts.join("").match(/PRIVATE KEY-----\n/g)).toHaveLength(2); // one key: its first line and its last
    expect(root.checkPrivateKey(await keyIn(dir))).toBe(false);
  });

  test("tells its facts: fingerprint, four words, times, scope", async () => {
    const { authority, clock, dir } = await worldWithAuthority();
    const { root, intermediate, scope, kind, warning } = authority;
    expect(kind).toBe("own");
    expect(warning).toBeUndefined();
    expect(scope).toEqual(HOME_SCOPE);
    expect(root.path).toBe(join(folderOf(dir), "root.pem"));
    expect(await readFile(root.path, "utf8")).toBe(root.pem);
    expect(new X509Certificate(root.der).fingerprint256).toBe(root.fingerprint256);
    expect(root.words).toBe(await fourWords(root.fingerprint256));
    expect(root.notBefore).toBeLessThanOrEqual(clock.now() - 60 * 60 * 1000);
    expect(new Date(root.notAfter).getUTCFullYear()).toBe(
      new Date(clock.now()).getUTCFullYear() + 10,
    );
    expect(intermediate?.notAfter).toBe(root.notAfter);
  });

  test("names the machine, as far as a certificate's name can hold it", async () => {
    const world = authorityWorld();
    const label = 'böx, "O=Evil" \n' + "x".repeat(80);
    const { root } = await createAuthority({ ...world, label });
    const [organization, name] = root.subject.split("\n");
    expect(organization).toBe("O=Genkan");
    expect(name).toMatch(/^CN=Genkan root bx OEvil x+ \d{4}-\d\d-\d\d [0-9a-f]{6}$/);
    expect(name!.length).toBeLessThanOrEqual("CN=".length + 64);
  });

  test("gives every root a name of its own, also on one machine on one day", async () => {
    const world = authorityWorld();
    const one = await createAuthority({ ...world, label: "box" });
    const other = await createAuthority({ ...world, label: "box", replace: true });
    expect(other.root.subject).not.toBe(one.root.subject);
  });

  test("takes further domains into its scope", async () => {
    const authority = await createAuthority({ ...authorityWorld(), domains: ["ada.example"] });
    expect(authority.scope?.dns).toContain("ada.example");
    await expect(authority.issue({ dns: ["wiki.ada.example"] })).resolves.toBeDefined();
    await expect(authority.issue({ dns: ["bob.example"] })).rejects.toEqual(
      coded("NAME_OUT_OF_SCOPE"),
    );
  });

  test("refuses a domain that strangers share, and makes nothing", async () => {
    const world = authorityWorld();
    await expect(createAuthority({ ...world, domains: ["com"] })).rejects.toEqual(
      coded("DOMAIN_TOO_BROAD"),
    );
    expect(await openAuthority(world)).toBeUndefined();
  });

  test("waits for a clock that is set: a root of 1970 would be out of date everywhere", async () => {
    const world = authorityWorld();
    world.clock.set(0);
    await expect(createAuthority(world)).rejects.toEqual(coded("PKI_CLOCK_TOO_OLD"));
    expect(await openAuthority(world)).toBeUndefined();
  });

  test("gives the one that is there when there is one", async () => {
    const { authority, ...world } = await worldWithAuthority();
    const again = await createAuthority({ ...world, domains: ["ada.example"] });
    expect(again.root.fingerprint256).toBe(authority.root.fingerprint256);
  });

  test("eight at once make one, and all use it", async () => {
    const world = authorityWorld();
    const all = await Promise.all(Array.from({ length: 8 }, () => createAuthority(world)));
    expect(new Set(all.map(({ root }) => root.fingerprint256)).size).toBe(1);
    expect(await readdir(world.dir)).toEqual(["authority"]);
    expect(world.entries.filter(({ event }) => event === "authority.created")).toHaveLength(1);
  });

  test("says so when there is no room for it", async () => {
    const world = authorityWorld();
    await writeFile(world.dir, "a file where the folder should be");
    await expect(createAuthority({ ...world, replace: true })).rejects.toEqual(
      coded("FILE_NOT_WRITABLE"),
    );
    await expect(createAuthority(world)).rejects.toEqual(coded("FILE_NOT_READABLE"));
  });

  test("begins again when another start took its folder for a leftover", async () => {
    const { authority: _, ...world } = await worldWithAuthority();
    let taken = 0;
    const log = listeningLog("authority.moved-aside", () => {
      for (const name of unfinishedIn(world.dir)) {
        rmSync(join(world.dir, name), { recursive: true });
        taken += 1;
      }
    });
    const next = await createAuthority({ ...world, log, replace: true });
    expect(taken).toBe(1);
    expect((await openAuthority(world))?.root.fingerprint256).toBe(next.root.fingerprint256);
  });

  test("passes on what nobody foresaw", async () => {
    const { authority: _, ...world } = await worldWithAuthority();
    const log = listeningLog("authority.moved-aside", () => {
      throw new Error("a bug");
    });
    await expect(createAuthority({ ...world, log, replace: true })).rejects.toThrow("a bug");
  });

  test("says so when it is taken away again at once", async () => {
    const world = authorityWorld();
    const log = listeningLog("authority.created", () =>
      rmSync(folderOf(world.dir), { recursive: true }),
    );
    await expect(createAuthority({ ...world, log })).rejects.toEqual(
      coded("PKI_AUTHORITY_DAMAGED"),
    );
  });
});

describe("replacing an authority", () => {
  test("moves the old one aside, whole, and makes another", async () => {
    const { authority, ...world } = await worldWithAuthority();
    const next = await createAuthority({ ...world, replace: true });
    expect(next.root.fingerprint256).not.toBe(authority.root.fingerprint256);
    const [aside, ...more] = (await readdir(world.dir)).filter((name) => name.includes("replaced"));
    expect(more).toEqual([]);
    expect(aside).toMatch(/^authority\.replaced-\d{4}-\d\d-\d\dT/);
    expect(await readFile(join(world.dir, aside!, "root.pem"), "utf8")).toBe(authority.root.pem);
  });

  test("is the way out of a damaged one", async () => {
    const { authority, ...world } = await worldWithAuthority();
    await rm(authority.root.path);
    await expect(createAuthority({ ...world, replace: true })).resolves.toBeDefined();
  });

  test("makes the first where there is none", async () => {
    await expect(createAuthority({ ...authorityWorld(), replace: true })).resolves.toBeDefined();
  });
});

describe("opening an authority", () => {
  test("finds none where none was made", async () => {
    expect(await openAuthority(authorityWorld())).toBeUndefined();
  });

  test("finds the one that was made, ready to issue", async () => {
    const { authority, ...world } = await worldWithAuthority();
    const opened = await openAuthority(world);
    expect(opened?.root).toEqual(authority.root);
    const leaf = await opened!.issue({ dns: ["hello.local"] });
    expect(
      new X509Certificate(leaf.certPem).verify(
        new X509Certificate(authority.intermediate!.pem).publicKey,
      ),
    ).toBe(true);
  });

  test.each(Object.values(FILES))(
    "refuses one without its %s, and makes no second root",
    async (name) => {
      const { authority: _, ...world } = await worldWithAuthority();
      await rm(join(folderOf(world.dir), name));
      const damaged = expect.objectContaining({
        code: "PKI_AUTHORITY_DAMAGED",
        message: expect.stringContaining(name) as string,
      });
      await expect(openAuthority(world)).rejects.toEqual(damaged);
      await expect(createAuthority(world)).rejects.toEqual(damaged);
      expect(await readdir(world.dir)).toEqual(["authority"]);
    },
  );

  test.each(Object.values(FILES))("refuses one whose %s is half there", async (name) => {
    const { authority: _, ...world } = await worldWithAuthority();
    const path = join(folderOf(world.dir), name);
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.slice(0, whole.length / 2));
    await expect(openAuthority(world)).rejects.toEqual(coded("PKI_AUTHORITY_DAMAGED"));
    await writeFile(path, "");
    await expect(openAuthority(world)).rejects.toEqual(coded("PKI_AUTHORITY_DAMAGED"));
  });

  test.each(["root.pem", "intermediate.pem", "intermediate-key.pem"])(
    "refuses one whose %s is another authority's",
    async (name) => {
      const { authority: _, ...world } = await worldWithAuthority();
      const other = await worldWithAuthority();
      await cp(join(folderOf(other.dir), name), join(folderOf(world.dir), name));
      await expect(openAuthority(world)).rejects.toEqual(coded("PKI_AUTHORITY_DAMAGED"));
    },
  );

  test("refuses certificates of two authorities even where the note was made to fit", async () => {
    const { authority: _, ...world } = await worldWithAuthority();
    const other = await worldWithAuthority();
    await cp(other.authority.root.path, join(folderOf(world.dir), "root.pem"));
    await editState(world.dir, (state) => ({
      ...state,
      root: other.authority.root.fingerprint256,
    }));
    await expect(openAuthority(world)).rejects.toThrow(/was not signed by root.pem/);
  });

  test("refuses one from a newer Genkan, whatever else is in it", async () => {
    const { authority: _, ...world } = await worldWithAuthority();
    await editState(world.dir, () => ({ version: 2, other: "shape" }));
    const newer = coded("PKI_FROM_NEWER_VERSION");
    await expect(openAuthority(world)).rejects.toEqual(newer);
    await expect(createAuthority(world)).rejects.toEqual(newer);
  });

  test.each([
    ["nothing", null],
    ["a number", 7],
    ["no version", {}],
    ["a version that is no number", { version: "1" }],
    ["an old version", { version: 0 }],
    ["no scope", { version: 1, root: "", intermediate: "", words: "" }],
    [
      "a scope of another shape",
      { version: 1, root: "", intermediate: "", words: "", scope: { dns: [1], ip: [] } },
    ],
    [
      "words of another shape",
      { version: 1, root: "", intermediate: "", words: [], scope: { dns: [], ip: [] } },
    ],
  ])("refuses a note that says %s", async (_, state) => {
    const { authority: __, ...world } = await worldWithAuthority();
    await editState(world.dir, () => state);
    await expect(openAuthority(world)).rejects.toEqual(coded("PKI_AUTHORITY_DAMAGED"));
  });

  test("says so when a part of the path is a file", async () => {
    const world = authorityWorld();
    await writeFile(world.dir, "");
    await expect(openAuthority(world)).rejects.toEqual(coded("FILE_NOT_READABLE"));
  });
});

describe("leftovers of a making that ended early", () => {
  const NOBODY = 2 ** 30; // no process has such a number, pid_max(5)

  test.each([`authority.new-${NOBODY}-aa`, "authority.new-", "authority.new-0-aa"])(
    "%s goes with the next start",
    async (name) => {
      const world = authorityWorld();
      await mkdir(join(world.dir, name), { recursive: true });
      await writeFile(join(world.dir, name, FILES.key), "half a key");
      expect(await openAuthority(world)).toBeUndefined();
      expect(await readdir(world.dir)).toEqual([]);
    },
  );

  test("those of a process at work stay, for an hour", async () => {
    const world = authorityWorld();
    for (const pid of [process.pid, 1])
      await mkdir(join(world.dir, `authority.new-${pid}-aa`), { recursive: true });
    await openAuthority(world);
    expect(await readdir(world.dir)).toHaveLength(2);
    world.clock.move(61 * 60 * 1000);
    await openAuthority(world);
    expect(await readdir(world.dir)).toEqual([]);
  });

  test("other files in the folder are nobody's leftovers", async () => {
    const world = authorityWorld();
    await mkdir(join(world.dir, "authority.replaced-2026-11-24"), { recursive: true });
    await openAuthority(world);
    expect(await readdir(world.dir)).toHaveLength(1);
  });
});

async function keyIn(dir: string): Promise<KeyObject> {
  return createPrivateKey(await readFile(join(folderOf(dir), FILES.key)));
}

async function editState(dir: string, change: (state: object) => unknown): Promise<void> {
  const path = join(folderOf(dir), FILES.state);
  const state = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify(change(state)));
}

/** A log that does something when it hears an event: a stranger's hand at a chosen moment. */
function listeningLog(event: string, then: () => void): Log {
  return createLog(
    () => 0,
    (entry) => {
      if (entry.event === event) then();
    },
  );
}

function unfinishedIn(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.includes(".new-"));
}
