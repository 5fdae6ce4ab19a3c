import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeHost } from "../../../test/support/host.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { addressesForClients, addressesForThisMachine } from "./addresses.ts";
import { type Block, blockIdOf } from "./block.ts";
import { hostsFileOf, removeHosts, writeHosts } from "./hosts-file.ts";
import { namesForHostsFile } from "./names.ts";

const block: Block = { id: blockIdOf("/a"), home: "/a", lines: ["10.0.0.1 wiki.home.arpa"] };
const fileAt = (path: string) => ({ path, command: "sudo genkan hosts --write" });
function hostsWith(text: string | Buffer, mode = 0o644): string {
  const path = join(tempFolder(), "hosts");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test("each system has its file", () => {
  expect(hostsFileOf(describeHost())).toBe("/etc/hosts");
  expect(hostsFileOf(describeHost({ os: "macos" }))).toBe("/etc/hosts");
  expect(hostsFileOf(describeHost({ os: "windows", env: { SystemRoot: "D:\\Win" } }))).toBe(
    "D:\\Win\\System32\\drivers\\etc\\hosts",
  );
});

test("writing keeps rights, bytes that are no UTF-8, and leaves nothing beside the file", async () => {
  const before = Buffer.concat([Buffer.from("127.0.0.1 localhost # caf"), Buffer.from([0xe9])]);
  const path = hostsWith(before, 0o664);
  expect(await writeHosts(fileAt(path), block)).toBe(true);
  expect(await writeHosts(fileAt(path), block)).toBe(false);
  expect(readFileSync(path).subarray(0, before.length)).toEqual(before);
  expect(statSync(path).mode & 0o777).toBe(0o664);
  expect(await removeHosts(fileAt(path), block.id)).toBe(true);
  expect(readFileSync(path)).toEqual(before);
  expect(readdirSync(join(path, ".."))).toEqual(["hosts"]);
});

test("a link stays a link; what it leads to is written", async () => {
  const path = hostsWith("127.0.0.1 localhost\n");
  const link = join(tempFolder(), "hosts");
  symlinkSync(path, link);
  await writeHosts(fileAt(link), block);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, "utf8")).toContain("wiki.home.arpa");
});

test("where there is no file yet, one is made; taking away from nothing changes nothing", async () => {
  const path = join(tempFolder(), "hosts");
  expect(await removeHosts(fileAt(path), block.id)).toBe(false);
  expect(existsSync(path)).toBe(false);
  expect(await writeHosts(fileAt(path), block)).toBe(true);
});

test("a file in UTF-16 is refused, and stays", async () => {
  const before = Buffer.from("127.0.0.1 localhost\r\n", "utf16le");
  const path = hostsWith(before);
  await expect(writeHosts(fileAt(path), block)).rejects.toMatchObject({ code: "HOSTS_NOT_TEXT" });
  expect(readFileSync(path)).toEqual(before);
});

test("a damaged block is refused, and nothing is lost", async () => {
  const path = hostsWith("127.0.0.1 localhost\n");
  await writeHosts(fileAt(path), block);
  const damaged = `${readFileSync(path, "utf8").replace(/# genkan: end .*\n/, "")}10.0.0.9 printer\n`;
  writeFileSync(path, damaged);
  for (const attempt of [
    () => writeHosts(fileAt(path), block),
    () => removeHosts(fileAt(path), block.id),
  ]) {
    await expect(attempt()).rejects.toMatchObject({
      code: "HOSTS_BLOCK_DAMAGED",
      message: expect.stringContaining("line 2") as string,
    });
  }
  expect(readFileSync(path, "utf8")).toBe(damaged);
});

test("where writing is not possible, the way is named and the file stays", async () => {
  const folder = tempFolder();
  const path = join(folder, "hosts", "below-a-file");
  writeFileSync(join(folder, "hosts"), "127.0.0.1 localhost\n");
  await expect(writeHosts(fileAt(path), block)).rejects.toMatchObject({
    code: "HOSTS_NOT_WRITABLE",
    fix: "sudo genkan hosts --write",
  });
});

test("two homes that write at the same moment both find their block there", async () => {
  const path = hostsWith("127.0.0.1 localhost\n");
  const homes = Array.from({ length: 6 }, (_, i) => ({ ...block, id: blockIdOf(`/home/${i}`) }));
  await Promise.all(homes.map((home) => writeHosts(fileAt(path), home)));
  const text = readFileSync(path, "utf8");
  for (const { id } of homes) expect(text).toContain(`# genkan: end ${id}\n`);
});

describe("which names are written", () => {
  const hosts = ["genkan.local", "wiki.local", "a.b.local", "wiki.home.arpa", "wiki.localhost"];
  test("those that mDNS cannot carry", () => {
    expect(namesForHostsFile([...hosts, "wiki.home.arpa"], false)).toEqual({
      wanted: ["a.b.local", "wiki.home.arpa"],
      announced: ["genkan.local", "wiki.local"],
    });
  });
  test("all that leave a machine, where all were asked for", () => {
    expect(namesForHostsFile(hosts, true)).toEqual({ wanted: hosts.slice(0, 4), announced: [] });
  });
});

describe("which addresses stand before them", () => {
  const shown = ["192.168.1.10", "10.9.9.9", "fd00::10", "2001:db8::1"];
  const own = ["127.0.0.1", "::1", ...shown];
  const everywhere = { listening: [], shown, own };
  test("for others, the best of each family", () => {
    expect(addressesForClients(everywhere)).toEqual(["192.168.1.10", "fd00::10"]);
    expect(addressesForClients({ ...everywhere, listening: ["::"] })).toHaveLength(2);
    expect(addressesForClients({ ...everywhere, listening: ["10.9.9.9", "127.0.0.1"] })).toEqual([
      "10.9.9.9",
    ]);
    expect(addressesForClients({ ...everywhere, listening: ["127.0.0.1", "::1"] })).toEqual([]);
  });
  test("for this machine, loopback wherever the door listens there", () => {
    expect(addressesForThisMachine(everywhere)).toEqual(["127.0.0.1", "::1"]);
    expect(addressesForThisMachine({ ...everywhere, listening: ["127.0.0.2"] })).toEqual([
      "127.0.0.2",
    ]);
    expect(addressesForThisMachine({ ...everywhere, listening: ["10.9.9.9"] })).toEqual([
      "10.9.9.9",
    ]);
  });
});
