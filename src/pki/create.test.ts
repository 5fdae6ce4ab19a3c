import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { type AuthorityWorld, authorityWorld } from "../../test/support/authority.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { createAuthority, openAuthority } from "./authority.ts";

interface End {
  readonly signal: string | undefined;
  /** What it printed: the fingerprint of the root it made, or nothing. */
  readonly said: string;
}

/** The program as one file, so that starting it a hundred times is quick. */
async function makeProgram(): Promise<string> {
  const outfile = join(tempFolder(), "make-authority.cjs");
  const source = join(import.meta.dirname, "../../test/support/programs/make-authority.ts");
  await build({ entryPoints: [source], outfile, bundle: true, platform: "node", format: "cjs" });
  return outfile;
}

function start(program: string, args: readonly string[], killAfter?: number): Promise<End> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], (error, stdout) => {
      resolve({ signal: error?.signal ?? undefined, said: stdout.trim() });
    });
    if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
  });
}

/** What is found after a process was killed while making an authority. */
interface Aftermath {
  /** A half authority makes the opening throw. */
  readonly found: "none" | "whole";
  /** The root found, and the root after asking for an authority again. */
  readonly before: string | undefined;
  readonly after: string;
  readonly leftovers: readonly string[];
}

async function aftermathIn(world: AuthorityWorld): Promise<Aftermath> {
  const found = await openAuthority(world);
  const names = existsSync(world.dir) ? await readdir(world.dir) : [];
  const next = await createAuthority(world);
  await next.issue({ dns: ["hello.local"] });
  return {
    found: found ? "whole" : "none",
    before: found?.root.fingerprint256,
    after: next.root.fingerprint256,
    leftovers: names.filter((name) => name !== "authority"),
  };
}

describe("a process that makes an authority and is killed", () => {
  test("before any of its calls to the disk leaves none or a whole one, whose root key was kept as asked", async () => {
    const program = await makeProgram();
    const ends: (Aftermath & { readonly isKeyKept: boolean })[] = [];
    const worker = async (steps: Iterator<number, never>): Promise<void> => {
      for (;;) {
        const step = steps.next().value;
        const world = authorityWorld();
        const rootKey = join(tempFolder(), "root.key");
        const { signal } = await start(program, [world.dir, String(step), rootKey]);
        if (signal === undefined) return; // it lived: there are no more steps
        ends[step] = { ...(await aftermathIn(world)), isKeyKept: existsSync(rootKey) };
      }
    };
    const steps = count();
    await Promise.all([worker(steps), worker(steps)]);
    const all = ends.filter(Boolean);
    expect(all.length).toBeGreaterThan(30);
    const story = all.map(({ found }) => found).join(" ");
    expect(story).toMatch(/^(none )+(whole ?)+$/); // it comes to be in one instant
    expect(all.flatMap(({ leftovers }) => leftovers)).toEqual([]);
    const whole = all.filter(({ found }) => found === "whole");
    expect(whole.filter(({ before, after }) => before !== after)).toEqual([]);
    expect(whole.filter(({ isKeyKept }) => !isKeyKept)).toEqual([]);
  }, 180_000);

  test("at any moment leaves none or a whole one", async () => {
    const program = await makeProgram();
    for (let round = 0; round < 12; round += 1) {
      const world = authorityWorld();
      await start(program, [world.dir, "0"], 100 + Math.random() * 500);
      const { before, after, leftovers } = await aftermathIn(world);
      expect(leftovers).toEqual([]);
      expect(before ?? after).toBe(after);
    }
  }, 120_000);
});

test("four processes that make an authority at once make one, and all use it", async () => {
  const program = await makeProgram();
  const world = authorityWorld();
  const ends = await Promise.all([1, 2, 3, 4].map(() => start(program, [world.dir, "0"])));
  const [first, ...others] = ends.map(({ said }) => said);
  expect(first).toBe((await openAuthority(world))?.root.fingerprint256);
  expect(new Set(others)).toEqual(new Set([first]));
  expect(await readdir(world.dir)).toEqual(["authority"]);
});

function* count(): Generator<number, never> {
  for (let step = 1; ; step += 1) yield step;
}
