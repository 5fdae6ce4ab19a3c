import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { takeLock, readLock } from "./lock.ts";
import { ownRecord } from "./lock-record.ts";

const ID = "0123456789abcdef0123456789abcdef";
const info = { command: "genkan up", socket: "/nowhere/control.sock" };

/** A pid nobody has: a process that was started and has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"]);
  await new Promise((resolve) => child.once("close", resolve));
  return child.pid ?? 0;
}

/** A lock file as a killed door leaves it. */
async function leaveBehind(path: string, more: object = {}): Promise<void> {
  const record = { ...(await ownRecord(info, ID)), pid: await deadPid(), startedAt: 0, ...more };
  writeFileSync(path, JSON.stringify(record));
}

test("a free home is taken, told about, and given back", async () => {
  const path = join(tempFolder(), "state", "door.lock");
  const lock = await takeLock(path, info);
  expect(await readLock(path)).toMatchObject({ pid: process.pid, ...info });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await lock.stop();
  await lock.stop();
  expect(await readLock(path)).toBeUndefined();
  expect(readdirSync(join(path, ".."))).toEqual([]);
});

test("a taken home is refused by the name of who has it, with the way out", async () => {
  const path = join(tempFolder(), "door.lock");
  await takeLock(path, { ...info, command: "genkan up\u001b[31m wiki=3000" });
  const refusal = takeLock(path, info);
  await expect(refusal).rejects.toMatchObject({
    code: "DOOR_ALREADY_OPEN",
    message: expect.stringMatching(
      new RegExp(`process ${process.pid}, since .*, started as genkan up \\[31m wiki=3000\\.$`),
    ),
    fix: expect.stringMatching(/genkan stop.*GENKAN_HOME=/),
  });
  expect(readdirSync(join(path, ".."))).toEqual(["door.lock"]);
});

test("a lock left by a process that is gone is taken over", async () => {
  const path = join(tempFolder(), "door.lock");
  await leaveBehind(path);
  expect(await readLock(path)).toBeUndefined();
  const lock = await takeLock(path, info);
  expect(await readLock(path)).toEqual(lock.record);
  expect(readdirSync(join(path, ".."))).toEqual(["door.lock"]);
});

test.runIf(existsSync("/proc/self/stat"))(
  "a living process that only has the same pid does not keep a home shut",
  async () => {
    const path = join(tempFolder(), "door.lock");
    await leaveBehind(path, { pid: process.pid, processStart: "1", startedAt: Date.now() });
    await expect(takeLock(path, info)).resolves.toBeDefined();
  },
);

test.runIf(existsSync("/proc/self/stat"))("a restart of the machine ends every lock", async () => {
  const path = join(tempFolder(), "door.lock");
  await leaveBehind(path, { pid: process.pid, boot: "another", pidNamespace: "pid:[1]" });
  await expect(takeLock(path, info)).resolves.toBeDefined();
});

test("a door whose pid cannot be judged is asked at its socket", async () => {
  const folder = tempFolder();
  const path = join(folder, "door.lock");
  const socket = join(folder, "control.sock");
  const elsewhere = { pidNamespace: "pid:[1]", machine: "container", socket };
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.once("listening", resolve));
  await leaveBehind(path, elsewhere);
  await expect(takeLock(path, info)).rejects.toMatchObject({ code: "DOOR_ALREADY_OPEN" });
  await new Promise((resolve) => server.close(resolve));
  await expect(takeLock(path, info)).resolves.toBeDefined();
});

test("a door in another container that is only just starting is not overrun", async () => {
  const path = join(tempFolder(), "door.lock");
  await leaveBehind(path, { pidNamespace: "pid:[1]", startedAt: Date.now() });
  await expect(takeLock(path, info)).rejects.toMatchObject({ code: "DOOR_ALREADY_OPEN" });
});

test.each([
  ["empty", ""],
  ["cut off", '{"pid":12,"startedAt"'],
  ["not JSON", "\0\0\0\0"],
  ["of a process group", JSON.stringify({ pid: -1, startedAt: 1, ...info, id: ID, machine: "" })],
  [
    "pointing elsewhere",
    JSON.stringify({ pid: 1, startedAt: 1, ...info, id: "../x", machine: "" }),
  ],
])("a damaged lock file (%s) is nobody's, and is replaced", async (_, text) => {
  const path = join(tempFolder(), "door.lock");
  writeFileSync(path, text);
  const lock = await takeLock(path, info);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(lock.record);
});

test("a file still being written is waited for, not taken over", async () => {
  const path = join(tempFolder(), "door.lock");
  writeFileSync(path, "");
  const whole = JSON.stringify(await ownRecord(info, ID));
  const writing = setTimeout(() => writeFileSync(path, whole), 200);
  onTestFinished(() => clearTimeout(writing));
  await expect(takeLock(path, info)).rejects.toMatchObject({ code: "DOOR_ALREADY_OPEN" });
});

test("a follower that was killed on its way is followed in its turn", async () => {
  const path = join(tempFolder(), "door.lock");
  const second = "f".repeat(32);
  await leaveBehind(path);
  await leaveBehind(`${path}.${ID}`, { id: second });
  const lock = await takeLock(path, info);
  expect(await readLock(path)).toEqual(lock.record);
  expect(readdirSync(join(path, ".."))).toEqual(["door.lock"]);
});

test("what contenders left that were killed before they had the lock is swept up, what living ones write is not", async () => {
  const path = join(tempFolder(), "door.lock");
  const [dead, scrap, fresh, living] = ["a", "b", "c", "d"].map(
    (id) => `${path}.${id.repeat(32)}.new`,
  );
  await leaveBehind(dead ?? "");
  writeFileSync(scrap ?? "", "");
  utimesSync(scrap ?? "", 0, 0);
  writeFileSync(fresh ?? "", "");
  writeFileSync(living ?? "", JSON.stringify(await ownRecord(info, ID)));
  await takeLock(path, info);
  const left = readdirSync(join(path, "..")).map((name) => join(path, "..", name));
  expect(new Set(left)).toEqual(new Set([path, fresh, living]));
});

test("giving back leaves a lock alone that is somebody else's by now", async () => {
  const path = join(tempFolder(), "door.lock");
  const lock = await takeLock(path, info);
  await leaveBehind(path);
  await lock.stop();
  expect(existsSync(path)).toBe(true);
});

test("a place where no lock can be is told, not waited for", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "door.lock"));
  await expect(takeLock(join(folder, "door.lock"), info)).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    message: expect.stringContaining("it is a folder"),
  });
});

test.each([1, 2, 3])("of many in one process that follow a dead door, one wins (%i)", async () => {
  const path = join(tempFolder(), "door.lock");
  await leaveBehind(path);
  const takers = Array.from({ length: 40 }, () => takeLock(path, info));
  const ends = await Promise.allSettled(takers);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const codes = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
  expect(new Set(codes)).toEqual(new Set(["DOOR_ALREADY_OPEN"]));
  expect(readdirSync(join(path, ".."))).toEqual(["door.lock"]);
});

/*
 * Many processes fight for one home, over and over. Whoever has it makes a file that must not be
 * there yet; then it gives the home back, or is killed while it has it, like a door at a power cut.
 */
test(
  "of many processes at once never two have the home, however they end",
  { timeout: 120_000 },
  async () => {
    const folder = tempFolder();
    const script = join(folder, "fighter.mjs");
    await build({
      stdin: { contents: FIGHTER, resolveDir: import.meta.dirname, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: script,
      logLevel: "error",
    });
    const home = join(folder, "home");
    mkdirSync(home);
    const running = new Set<ChildProcess>();
    onTestFinished(() => running.forEach((child) => child.kill("SIGKILL")));
    const words: string[] = [];
    const fight = (): Promise<void> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [script, home], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        running.add(child);
        child.stdout.on("data", (chunk: Buffer) =>
          words.push(...chunk.toString().trim().split("\n")),
        );
        child.once("close", () => {
          running.delete(child);
          resolve();
        });
      });
    const corner = async (): Promise<void> => {
      for (let round = 0; round < 5; round++) await fight();
    };
    await Promise.all(Array.from({ length: 8 }, corner));
    expect(words.filter((word) => word.startsWith("TWO") || word.startsWith("ERROR"))).toEqual([]);
    expect(words.filter((word) => word === "killed").length).toBeGreaterThan(10);
    expect(words.filter((word) => word === "refused").length).toBeGreaterThan(10);
    await expect(takeLock(join(home, "door.lock"), info)).resolves.toBeDefined();
  },
);

const FIGHTER = `
import { rmSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { takeLock } from "./lock.ts";
const home = process.argv[2];
const say = (word) => writeSync(1, word + "\\n");
for (let round = 0; round < 40; round++) {
  try {
    const lock = await takeLock(home + "/door.lock", { command: "fight", socket: home + "/none" });
    try {
      writeFileSync(home + "/inside", String(process.pid), { flag: "wx" });
    } catch (thrown) {
      say("TWO " + thrown.code);
    }
    await wait(Math.random() * 3);
    rmSync(home + "/inside");
    if (Math.random() < 0.2) {
      say("killed");
      process.kill(process.pid, "SIGKILL");
    }
    await lock.stop();
    say("held");
  } catch (thrown) {
    say(thrown.code === "DOOR_ALREADY_OPEN" ? "refused" : "ERROR " + thrown.message);
  }
  await wait(Math.random() * 3);
}
`;
