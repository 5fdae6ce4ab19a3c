import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { linuxListeners, parsePasswd } from "./linux-listeners.ts";
import { parseStart, programOf } from "./linux-processes.ts";

const listening = (address: string, inode: number, uid = 0): string =>
  `   0: ${address} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0 100 0 0 10 0\n`;

/** A described /proc: the table of sockets, and for each process its program and the sockets it has open. */
function describeProc(table: string, processes: Record<number, [string, ...number[]]>): string {
  const proc = tempFolder();
  mkdirSync(join(proc, "net"));
  writeFileSync(join(proc, "net", "tcp"), table);
  for (const [pid, [exe, ...inodes]] of Object.entries(processes)) {
    mkdirSync(join(proc, pid, "fd"), { recursive: true });
    symlinkSync(exe, join(proc, pid, "exe"));
    symlinkSync("/dev/null", join(proc, pid, "fd", "0"));
    for (const inode of inodes) {
      symlinkSync(`socket:[${inode}]`, join(proc, pid, "fd", String(inode)));
    }
  }
  return proc;
}

test("a socket is joined with the process that has it open", async () => {
  const table = listening("00000000:01BB", 10) + listening("0100007F:0BB8", 11);
  const proc = describeProc(table, {
    7: ["/usr/sbin/nginx (deleted)", 10],
    9: ["/usr/bin/node", 11],
  });
  expect(await linuxListeners(0, proc)).toMatchObject([
    { address: "0.0.0.0", port: 443, pid: 7, program: "nginx", user: "root" },
    { address: "127.0.0.1", port: 3000, pid: 9, program: "node" },
  ]);
  expect(await linuxListeners(3000, proc)).toMatchObject([{ port: 3000, pid: 9 }]);
  expect(await linuxListeners(80, proc)).toEqual([]);
});

test("of those who share a socket the oldest is meant, and never the system's first process", async () => {
  const proc = describeProc(listening("00000000:0016", 10), {
    1: ["/usr/lib/systemd/systemd", 10],
    120: ["/usr/sbin/sshd", 10],
    88: ["/usr/sbin/sshd-master", 10],
  });
  expect(await linuxListeners(0, proc)).toMatchObject([{ pid: 88, program: "sshd-master" }]);
});

test("where the first process alone has it, that is said", async () => {
  const proc = describeProc(listening("00000000:0016", 10), {
    1: ["/usr/lib/systemd/systemd", 10],
  });
  expect(await linuxListeners(0, proc)).toMatchObject([{ pid: 1, program: "systemd" }]);
});

test("a process we may not look into leaves its user, and no pid", async () => {
  const proc = describeProc(listening("00000000:01BB", 10, 54321), {});
  mkdirSync(join(proc, "44"));
  const [listener] = await linuxListeners(443, proc);
  expect(listener).toMatchObject({ port: 443, pid: undefined, program: undefined, user: "54321" });
});

test("without its file a program has the kernel's short name", async () => {
  const proc = tempFolder();
  mkdirSync(join(proc, "5"));
  writeFileSync(join(proc, "5", "comm"), "MainThread\n");
  expect(await programOf(5, proc)).toBe("MainThread");
  expect(await programOf(6, proc)).toBeUndefined();
});

test("a process's start is found behind any name it may have", () => {
  const rest = " 1 1 1 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 81990 3133440 413";
  expect(parseStart(`10906 (cat) R${rest}`)).toBe("81990");
  expect(parseStart(`10906 (a) R 9) 7 () S${rest}`)).toBe("81990");
  expect(parseStart(`10906 (gone) Z${rest}`)).toBe("ended");
});

test("user names are read from the system's list", () => {
  expect([
    ...parsePasswd("root:x:0:0:root:/root:/bin/sh\n#x\nada:x:1000:1000::/home/ada:\n"),
  ]).toEqual([
    [0, "root"],
    [1000, "ada"],
  ]);
});
