/*
 * Why a port cannot be had, and how to get it: who listens there, whether this user may listen
 * there, and the commands that change that.
 */
import { readFile } from "node:fs/promises";
import { messageOf } from "../kernel/errors.ts";
import { printable } from "../kernel/printable.ts";
import type { Host } from "./host.ts";
import { commandOf, ifVisible } from "./linux-processes.ts";
import type { Listener } from "./listener.ts";
import { type Hands, readListeners } from "./listeners.ts";

export interface Holder {
  /** Undefined where it belongs to another user and we are not root. */
  readonly pid: number | undefined;
  readonly program: string | undefined;
  /** The command line, shortened. */
  readonly command: string | undefined;
  readonly user: string | undefined;
  /** All of that as part of a sentence: "nginx (process 812 of root: nginx -g daemon off;)". Safe for a terminal. */
  readonly says: string;
}

/**
 * Who listens on a TCP port of this machine; undefined where nobody does. Looking is best effort:
 * where the system's tool does not work, `says` tells so.
 */
export async function whoHolds(port: number, hands: Hands): Promise<Holder | undefined> {
  let listeners: Listener[];
  try {
    listeners = await readListeners(hands, port);
  } catch (thrown) {
    const says = `a program that could not be named (${printable(messageOf(thrown))})`;
    return { pid: undefined, program: undefined, command: undefined, user: undefined, says };
  }
  const holder = listeners.find(({ pid }) => pid !== undefined) ?? listeners[0];
  if (!holder) return undefined;
  const command = holder.pid === undefined ? undefined : await commandLine(holder.pid, hands);
  const known = {
    pid: holder.pid,
    user: clean(holder.user),
    program: clean(holder.program),
    command: clean(command, 80),
  };
  return { ...known, says: describeHolder(known, port, hands.host) };
}

function clean(text: string | undefined, longest = 40): string | undefined {
  return text === undefined ? undefined : printable(text, longest);
}

async function commandLine(pid: number, { host, run }: Hands): Promise<string | undefined> {
  if (host.os === "linux") return commandOf(pid);
  if (host.os === "windows") return undefined; // its name is enough; asking for more takes seconds
  try {
    return (await run("/bin/ps", ["-p", String(pid), "-o", "command="])).stdout.trim();
  } catch (thrown) {
    if (thrown instanceof Error) return undefined; // it may have ended since; its name is enough
    throw thrown;
  }
}

/** A holder as part of a sentence. */
export function describeHolder(holder: Omit<Holder, "says">, port: number, host: Host): string {
  const { pid, program, command, user } = holder;
  if (pid !== undefined) {
    const whose = user === undefined ? "" : ` of ${user}`;
    const how = command === undefined || command === program ? "" : `: ${command}`;
    return `${program ?? "a program"} (process ${pid}${whose}${how})`;
  }
  const whose = user === undefined || user === host.user ? "a program" : `a program of ${user}`;
  const look =
    host.os === "linux" ? `sudo ss -ltnp 'sport = :${port}'` : `sudo lsof -nP -iTCP:${port}`;
  return `${whose} (see which: ${look})`;
}

/** Ports below this need a right on Unix, unless the kernel was told otherwise. */
const FIRST_FREE_PORT = 1024;

/**
 * Whether this user may listen on a port. Asks the system's rules; nothing is opened, and whether the port
 * is taken is another question.
 * @param address where; all addresses unless told (macOS has another rule for single ones).
 */
export async function mayBind(port: number, host: Host, address = "::"): Promise<boolean> {
  if (host.os === "windows") return true; // no port needs a right there
  if (port >= FIRST_FREE_PORT || port === 0) return true;
  // Since 10.14, macOS gives low ports to everyone, but only on all addresses at once.
  if (host.os === "macos") return host.isRoot || address === "::" || address === "0.0.0.0";
  if (host.os === "other") return host.isRoot;
  const read = (path: string) => ifVisible(readFile(path, "utf8"));
  const start = await read("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  const status = await read("/proc/self/status");
  return port >= parsePortStart(start) || mayBindLowPorts(status, host);
}

/** ip-sysctl.rst: the first port that needs no right. Kernels before 4.11 have no such setting. */
function parsePortStart(text: string | undefined): number {
  return /^\d+$/.test(text?.trim() ?? "") ? Number(text) : FIRST_FREE_PORT;
}

/** capabilities(7): CAP_NET_BIND_SERVICE is bit 10 of the effective set. */
const NET_BIND_SERVICE = 1n << 10n;

export function mayBindLowPorts(status: string | undefined, host: Host): boolean {
  const set = /^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? "")?.[1];
  return set === undefined ? host.isRoot : (BigInt(`0x${set}`) & NET_BIND_SERVICE) !== 0n;
}

/** The door's two standard ports are 443 and 80; who frees one should not have to come back for the other. */
const LOWEST_DOOR_PORT = 80;

/** The commands that let this user listen on a low port, best first, with what else they change. */
export function howToBind(port: number, host: Host): string {
  switch (host.os) {
    case "linux": {
      const setting = `net.ipv4.ip_unprivileged_port_start=${Math.min(port, LOWEST_DOOR_PORT)}`;
      return [
        `Let programs of every user of this machine listen from port ${Math.min(port, LOWEST_DOOR_PORT)} up, for good:`,
        `  echo '${setting}' | sudo tee /etc/sysctl.d/50-genkan.conf && sudo sysctl -w ${setting}`,
        "Or let this Node alone do it (every Node program then may, and an update of Node takes it away again):",
        `  sudo setcap 'cap_net_bind_service=+ep' "$(readlink -f "$(command -v node)")"`,
      ].join("\n");
    }
    case "macos":
      return [
        "Listen on all addresses (leave --address out): then macOS asks for no right.",
        "Or open the door as the administrator, who then owns its files: sudo genkan up",
      ].join("\n");
    case "windows":
      return [
        "Windows keeps this port for another use. See which ports it keeps:",
        "  netsh interface ipv4 show excludedportrange protocol=tcp",
      ].join("\n");
    case "other":
      return "Open the door as the administrator, who then owns its files: sudo genkan up";
  }
}
