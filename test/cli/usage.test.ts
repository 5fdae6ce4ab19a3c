import { expect, test } from "vitest";
import { commandLine } from "../support/cli.ts";
import { recordingRun } from "../support/run.ts";

test("an unknown command is refused with the nearest one", async () => {
  expect(await commandLine().genkan("statsu")).toMatchInlineSnapshot(`
    "$ genkan statsu
    genkan: Unknown command 'statsu' (Did you mean status?)
      -> See what it takes: genkan --help
      (USAGE)
    [exit 2]"
  `);
});

test("an unknown option is refused with the nearest one", async () => {
  expect(await commandLine().genkan("up --https-prot 8443")).toMatchInlineSnapshot(`
    "$ genkan up --https-prot 8443
    genkan: Unknown option '--https-prot' (Did you mean --https-port?)
      -> See what it takes: genkan up --help
      (USAGE)
    [exit 2]"
  `);
});

test("an unknown option is refused as JSON where JSON was asked for", async () => {
  expect(await commandLine().genkan("list --json --pprt 3")).toMatchInlineSnapshot(`
    "$ genkan list --json --pprt 3
    {"error":{"code":"USAGE","message":"Unknown option '--pprt'.","fix":"See what it takes: genkan list --help"}}
    [exit 2]"
  `);
});

test("a missing operand is named", async () => {
  expect(await commandLine().genkan("add wiki")).toMatchInlineSnapshot(`
    "$ genkan add wiki
    genkan: Missing required argument 'target'.
      -> See what it takes: genkan add --help
      (USAGE)
    [exit 2]"
  `);
});

test("an operand too many is refused", async () => {
  expect(await commandLine().genkan("remove wiki nas")).toMatchInlineSnapshot(`
    "$ genkan remove wiki nas
    genkan: Too many arguments for 'remove'. Expected 1 argument but got 2.
      -> See what it takes: genkan remove --help
      (USAGE)
    [exit 2]"
  `);
});

test.each(["0", "70000", "http", "-1", "80.5"])("%s is no port", async (port) => {
  const { exit, stderr } = await commandLine().run("up", `--https-port=${port}`);
  expect(exit).toBe(2);
  expect(stderr).toContain("whole number from 1 to 65535");
});

test("commands that need an open door say that none is open, and how to open one", async () => {
  const line = commandLine();
  expect(await line.genkan("status")).toMatchInlineSnapshot(`
    "$ genkan status
    genkan: No door is open here (looked in ~/home/state).
      -> Open it: genkan up
      (DOOR_CLOSED)
    [exit 1]"
  `);
  expect(await line.genkan("stop")).toContain("DOOR_CLOSED");
});

test("version and help are answers, and cost no exit code", async () => {
  const { exit, stdout } = await commandLine().run("--version");
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  const help = await commandLine().run("up", "--help");
  expect(help.exit).toBe(0);
  expect(help.stdout).toContain("genkan up wiki=nas:8080 3000");
  expect(help.stdout).toContain("--https-port <port>");
  expect(help.stdout).not.toContain("genkan trust");
});

test("without words, help is shown and the exit says that nothing was done", async () => {
  const { exit, stdout } = await commandLine().run();
  expect(exit).toBe(2);
  expect(stdout).toContain("Usage: genkan");
});

test("a fingerprint without an address does not make this machine trust its own root instead", async () => {
  const { run, started } = recordingRun();
  const line = commandLine({ run });
  expect(await line.genkan("trust --fingerprint AA:BB")).toMatchInlineSnapshot(`
    "$ genkan trust --fingerprint AA:BB
    genkan: A fingerprint goes with the address of another door; none was given.
      -> See what it takes: genkan trust --help
      (USAGE)
    [exit 2]"
  `);
  expect(started).toEqual([]);
});
