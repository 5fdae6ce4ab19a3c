import { expect, test } from "vitest";
import { commandLine } from "../support/cli.ts";
import { openControl } from "../support/control.ts";

const hide = (text: string): string => text.replaceAll(/genkan_[\w-]{43}/g, "genkan_TOKEN");

async function door() {
  const open = await openControl();
  open.world.clock.set(Date.parse("2026-11-25T10:00:00Z"));
  return open;
}

test("a token is shown once, alone on standard output", async () => {
  const { line, access } = await door();
  const { exit, stdout, stderr } = await line.run("token", "backup", "--app", "wiki");
  expect({ exit, stdout: hide(stdout), stderr }).toMatchInlineSnapshot(`
    {
      "exit": 0,
      "stderr": "It opens wiki until you take it away. It is shown this once; the door keeps only its hash.
    A program sends it with every request: Authorization: Bearer TOKEN
    ",
      "stdout": "genkan_TOKEN
    ",
    }
  `);
  const authorization = `Bearer ${stdout.trim()}`;
  const shown = { host: "wiki.local", cookies: [], authorization, address: "192.168.1.20" };
  const { visitor } = access.gate.identify(shown);
  expect(visitor).toMatchObject({ is: "program", name: "backup", apps: ["wiki"] });
});

test("tokens are listed, open and closed, without what they are", async () => {
  const { line, access, close } = await door();
  expect(await line.genkan("token")).toMatchInlineSnapshot(`
    "$ genkan token
    There are no tokens. To make one: genkan token backup --app APP"
  `);
  const made = await line.genkan("token backup --app wiki --app nas --app wiki --expires 90d");
  expect(hide(made)).toMatchInlineSnapshot(`
    "$ genkan token backup --app wiki --app nas --app wiki --expires 90d
    It opens wiki, nas until 2027-02-23 10:00 UTC. It is shown this once; the door keeps only its hash.
    A program sends it with every request: Authorization: Bearer TOKEN
    genkan_TOKEN"
  `);
  const list = await line.genkan("token");
  expect(list).toMatchInlineSnapshot(`
    "$ genkan token
    TOKEN   MADE        LAST USED  UNTIL             APPS
    backup  2026-11-25  never      2027-02-23 10:00  wiki, nas

    Times are UTC."
  `);
  const [kept] = access.tokens.list();
  const { stdout } = await line.run("token", "--json");
  expect(stdout).not.toContain(kept?.hash);
  expect(stdout).toMatchInlineSnapshot(`
    "{"open":true,"tokens":[{"name":"backup","apps":["wiki","nas"],"made":"2026-11-25T10:00:00.000Z","lastSeen":"2026-11-25T10:00:00.000Z","expires":"2027-02-23T10:00:00.000Z","ended":false}]}
    "
  `);
  await close();
  expect(await line.genkan("token")).toContain(list.slice(list.indexOf("\n") + 1));
});

test("a token whose time is over is shown as such", async () => {
  const { line, world } = await door();
  await line.run("token", "backup", "--app", "wiki", "--expires", "12h");
  world.pass(13 * 3_600_000);
  expect(await line.genkan("token")).toMatch(/^backup .* over /m);
});

test("a token that is taken away opens nothing any more", async () => {
  const { line, access } = await door();
  const { stdout } = await line.run("token", "backup", "--app", "wiki");
  expect(await line.genkan("token backup --remove")).toMatchInlineSnapshot(`
    "$ genkan token backup --remove
    The token backup opens nothing any more."
  `);
  const authorization = `Bearer ${stdout.trim()}`;
  const shown = { host: "wiki.local", cookies: [], authorization, address: "192.168.1.20" };
  const { visitor } = access.gate.identify(shown);
  expect(visitor).toEqual({ is: "nobody" });
});

test.each([
  ["token backup", "Name them: --app APP"],
  ["token backup --app wikki", "The open door has no app wikki"],
  ["token backup --app wiki --expires soon", "DURATION_INVALID"],
  ["token backup --app wiki --remove", "--app and --expires make one"],
  ["token backup --expires 2d --remove", "--app and --expires make one"],
  ["token --app wiki", "genkan token NAME"],
  ["token --remove", "genkan token NAME"],
  ["token gone --remove", "TOKEN_UNKNOWN"],
  [`token ${"x".repeat(61)} --app wiki`, "TOKEN_NAME_INVALID"],
  ["token a b --app wiki", "USAGE"],
])("%s is refused, and no token made", async (words, why) => {
  const { line, access } = await door();
  const said = await line.genkan(words);
  expect(said).toContain(why);
  expect(said).toContain("[exit 2]");
  expect(access.tokens.list()).toEqual([]);
});

test("a name is given once", async () => {
  const { line } = await door();
  await line.run("token", "backup", "--app", "wiki");
  expect(await line.genkan("token backup --app nas")).toMatchInlineSnapshot(`
    "$ genkan token backup --app nas
    genkan: There is a token called "backup" already.
      -> Choose another name, or take that one away: genkan token NAME --remove
      (TOKEN_NAME_TAKEN)
    [exit 2]"
  `);
});

test("making and taking away need an open door", async () => {
  const line = commandLine();
  expect(await line.genkan("token backup --app wiki")).toContain("(DOOR_CLOSED)\n[exit 1]");
  expect(await line.genkan("token backup --remove")).toContain("(DOOR_CLOSED)\n[exit 1]");
});
