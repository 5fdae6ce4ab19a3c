/*
 * Who listens, as other systems' tools say it: lsof of macOS, netstat and tasklist of Windows.
 * Pure; listeners.ts starts the programs.
 */
import type { Listener } from "./listener.ts";

/**
 * `lsof -F pcLtn`: a process set of lines (p pid, c command, L login), then for each socket
 * t (IPv4 or IPv6) and n (`*:3000`, `127.0.0.1:3000`, `[::1]:3000`). lsof(8), OUTPUT FOR OTHER PROGRAMS.
 */
export function parseLsof(text: string): Listener[] {
  return text.split(/^(?=p\d)/m).flatMap((set) => {
    const field = (key: string) => new RegExp(`^${key}(.+)$`, "m").exec(set)?.[1];
    const owner = { pid: Number(field("p")), program: field("c"), user: field("L") };
    return [...set.matchAll(/^t(IPv[46])\nn(.+)$/gm)].flatMap(([, type, name = ""]) => {
      const place = placeOf(name, type === "IPv6" ? "::" : "0.0.0.0");
      return place ? [{ ...place, ...owner }] : [];
    });
  });
}

/**
 * `netstat -ano`: `TCP local foreign STATE pid`. The state's word is in the language of the system,
 * so a listener is known by its foreign port 0.
 */
export function parseNetstat(text: string): Listener[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, local = "", pid] = /^\s*TCP\s+(\S+)\s+\S+:0\s+\S.*?\s(\d+)\s*$/.exec(line) ?? [];
    const place = placeOf(local, "0.0.0.0");
    return place ? [{ ...place, pid: Number(pid), program: undefined, user: undefined }] : [];
  });
}

/** `tasklist /fo csv /nh`: `"node.exe","1234",...`; program names by pid, without `.exe`. */
export function parseTasklist(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const [, name, pid] of text.matchAll(/^"([^"]+)","(\d+)"/gm)) {
    if (name !== undefined) names.set(Number(pid), name.replace(/\.exe$/i, ""));
  }
  return names;
}

/** `*` stands for all addresses; a scope (`fe80::1%4`) is left out. */
function placeOf(text: string, all: string): { address: string; port: number } | undefined {
  const [, address = "", port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined) return undefined;
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  return { address: bare === "*" ? all : bare, port: Number(port) };
}
