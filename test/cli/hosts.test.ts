import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, type CommandLine } from "../support/cli.ts";

function lineWith(yaml: string): CommandLine {
  const line = commandLine();
  writeFileSync(join(line.home, "genkan.yaml"), yaml);
  return line;
}

const WIKI = `addresses: [192.168.1.10, fd00::10]
apps:
  wiki: { target: 3000, hosts: [wiki.home.arpa, openhands.yourdomain.local] }
`;

test("hosts prints lines that can be pasted, and what they are for beside them", async () => {
  expect(await lineWith(WIKI).genkan("hosts --print")).toMatchInlineSnapshot(`
    "$ genkan hosts --print
    Add these lines to the device's hosts file: /etc/hosts on Linux and macOS, C:\\Windows\\System32\\drivers\\etc\\hosts on Windows.
    Left out, as mDNS carries them: genkan.local, wiki.local (all: genkan hosts --all)
    # Names of the door on box that need a line in a hosts file
    192.168.1.10 wiki.home.arpa
    fd00::10 wiki.home.arpa
    192.168.1.10 openhands.yourdomain.local
    fd00::10 openhands.yourdomain.local"
  `);
});

test("on standard output there is nothing but the lines of a hosts file", async () => {
  const { stdout } = await lineWith(WIKI).run("hosts", "--all");
  for (const line of stdout.trimEnd().split("\n")) {
    expect(line).toMatch(/^(?:#.*|\S+ [a-z.]+)$/);
  }
  expect(stdout).toContain("192.168.1.10 wiki.local\n");
  expect(stdout).not.toContain("localhost");
});

test("where every name is carried by mDNS, hosts says so and prints no line", async () => {
  expect(await lineWith("addresses: [192.168.1.10]\napps: { wiki: 3000 }\n").genkan("hosts"))
    .toMatchInlineSnapshot(`
    "$ genkan hosts
    No name needs a line in a hosts file: every name is carried by mDNS. For devices without it: genkan hosts --all"
  `);
});

test("a door for this machine alone has no lines for others", async () => {
  expect(await lineWith("addresses: [127.0.0.1]\napps: { wiki: 3000 }\n").genkan("hosts --all"))
    .toMatchInlineSnapshot(`
    "$ genkan hosts --all
    genkan: No other device can reach this door: it listens on 127.0.0.1 only.
      -> Connect the machine to the network, and open the door without --address. For this machine's own hosts file: genkan hosts --write
      (HOSTS_NO_ADDRESS)
    [exit 1]"
  `);
});

test("hosts --write keeps a block, follows the configuration, and --remove takes it away", async () => {
  const line = lineWith(WIKI);
  const path = join(line.home, "hosts");
  writeFileSync(path, "127.0.0.1 localhost");
  expect(await line.genkan(`hosts --write --file ${path}`)).toMatchInlineSnapshot(`
    "$ genkan hosts --write --file ~/home/hosts
    ~/home/hosts is up to date."
  `);
  expect(await line.genkan(`hosts --write --file ${path}`)).toContain("was up to date already");
  const text = readFileSync(path, "utf8");
  expect(text).toContain("127.0.0.1 localhost\n# genkan: begin ");
  expect(text).toContain("\nfd00::10 wiki.home.arpa\n");
  writeFileSync(
    join(line.home, "genkan.yaml"),
    "addresses: [192.168.1.10]\napps: { wiki: 3000 }\n",
  );
  await line.genkan(`hosts --write --file ${path}`);
  expect(readFileSync(path, "utf8")).toBe("127.0.0.1 localhost");
  expect(await line.genkan(`hosts --remove --file ${path}`)).toMatchInlineSnapshot(`
    "$ genkan hosts --remove --file ~/home/hosts
    ~/home/hosts has no lines of this door."
  `);
});

test("a damaged block is refused with the line at fault", async () => {
  const line = lineWith(WIKI);
  const path = join(line.home, "hosts");
  writeFileSync(path, "");
  await line.genkan(`hosts --write --file ${path}`);
  writeFileSync(path, readFileSync(path, "utf8").replace(/# genkan: end .*\n/, ""));
  expect(await line.genkan(`hosts --remove --file ${path}`)).toMatchInlineSnapshot(`
    "$ genkan hosts --remove --file ~/home/hosts
    genkan: The part of ~/home/hosts that belongs to this door is damaged: line 1 begins it, and nothing ends it. Nothing was changed.
      -> Open ~/home/hosts, take away the lines that begin with "# genkan:" and what belongs to them, and run this again.
      (HOSTS_BLOCK_DAMAGED)
    [exit 1]"
  `);
});

test("two ways at once are refused", async () => {
  expect(await lineWith(WIKI).genkan("hosts --write --remove")).toMatchInlineSnapshot(`
    "$ genkan hosts --write --remove
    genkan: --print, --write and --remove are three ways; choose one.
      -> See what it takes: genkan hosts --help
      (USAGE)
    [exit 2]"
  `);
  expect(await lineWith(WIKI).genkan("hosts --file x")).toContain("--file goes with --write");
});
