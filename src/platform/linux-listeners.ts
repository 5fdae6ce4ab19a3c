/*
 * Who listens on this Linux: the kernel's table of sockets, joined by inode with the open files of
 * the processes we may look into. Another user's processes stay without a pid unless we are root.
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import { ifVisible, programOf } from "./linux-processes.ts";
import type { Listener } from "./listener.ts";
import { parseProcNet, type ListeningSocket } from "./parse-proc-net.ts";

/** @param port only this one; 0 for all. */
export async function linuxListeners(port = 0, proc = "/proc"): Promise<Listener[]> {
  const tables = [`${proc}/net/tcp`, `${proc}/net/tcp6`]; // no tcp6 where IPv6 is switched off
  const texts = await Promise.all(tables.map((path) => ifVisible(readFile(path, "utf8"))));
  const sockets = texts
    .flatMap((text) => parseProcNet(text ?? ""))
    .filter((socket) => port === 0 || socket.port === port);
  if (sockets.length === 0) return [];
  const owners = await pidsByInode(new Set(sockets.map(({ inode }) => inode)), proc);
  const users = parsePasswd((await ifVisible(readFile("/etc/passwd", "utf8"))) ?? "");
  return Promise.all(
    sockets.map(async ({ address, port: at, uid, inode }: ListeningSocket) => {
      const pid = owners.get(inode);
      const program = pid === undefined ? undefined : await programOf(pid, proc);
      return { address, port: at, pid, program, user: users.get(uid) ?? String(uid) };
    }),
  );
}

/**
 * The process behind each socket. Several may share one (a server and its workers; systemd and the
 * service it opened the socket for): the oldest that is not the system's first process is meant.
 */
async function pidsByInode(wanted: Set<string>, proc: string): Promise<Map<string, number>> {
  const entries = await readdir(proc);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const oldestFirst = pids.sort((a, b) => Number(a === 1) - Number(b === 1) || a - b);
  const found = new Map<string, number>();
  for (const pid of oldestFirst) {
    for (const inode of await socketsOf(pid, proc)) {
      if (wanted.has(inode) && !found.has(inode)) found.set(inode, pid);
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

async function socketsOf(pid: number, proc: string): Promise<string[]> {
  const folder = `${proc}/${pid}/fd`;
  const names = (await ifVisible(readdir(folder))) ?? [];
  const targets = await Promise.all(names.map((fd) => ifVisible(readlink(`${folder}/${fd}`))));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target ?? "")?.[1] ?? []);
}

/** User names by number (passwd(5)). */
export function parsePasswd(text: string): Map<number, string> {
  const rows = text.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm);
  return new Map([...rows].map(([, name = "", uid]) => [Number(uid), name]));
}
