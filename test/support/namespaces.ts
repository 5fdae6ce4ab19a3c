/*
 * Hosts on a network of their own: each is a set of Linux namespaces (network, mounts, host name,
 * processes) with an interface `eth0` on one common switch. Nothing of it touches this machine.
 *
 *   describeWithHosts("names", ["avahi-daemon"], () => {
 *     it("resolves", async () => {
 *       const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
 *       await startAvahi(laptop);                                  // support/avahi.ts
 *       const door = await openDoorIn(home, tempFolder());         // support/door-in-host.ts
 *       const { code, stdout } = await laptop.run("getent", ["ahosts", "hello.local"]);
 *
 * - A host has 10.77.0.N and fd77::N (N is its place in the list, from 1) unless told otherwise.
 * - It sees this machine's files. /etc, /usr/local, /var/lib and /root are its own copies: what a program
 *   writes there (trust stores, hosts files) is gone with the host. /run is its own and empty. It asks
 *   /etc/hosts and mDNS for names (`mdns_minimal`, which needs startAvahi), and no DNS server answers.
 * - `run` waits for a program's end, `start` gives one that goes on; `launcher` makes a path that starts a
 *   program in the host, for those who want an executable: chromium.launch({ executablePath }).
 * - `file(path)` is where this machine finds the host's own file: read and write there.
 * - Hosts and all that runs in them end with the test (a pipe holds them: they end with this process too).
 *   A whole suite shares hosts by buildNetwork in beforeAll, and remove() in afterAll.
 * - Needs root; describeWithHosts skips the suite with its reason otherwise.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import type { Ended } from "./genkan.ts";
import { tempFolder } from "./temp.ts";
import { describeWithTools, toolPath } from "./tools.ts";

export interface HostSpec {
  /** With their prefix, `10.77.0.9/24`; 10.77.0.N/24 and fd77::N/64 unless told. */
  readonly addresses?: readonly string[];
  /** The machine's name; the key in the list unless told. */
  readonly hostname?: string;
}

interface StartOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** How it ended; a program that was ended by a signal has 128 + its number, as in a shell. */
  readonly ended: Promise<Ended>;
  /** Sends the program a signal. */
  signal(name: NodeJS.Signals): void;
  /** Sends the signal and waits for the end. */
  end(name?: NodeJS.Signals): Promise<Ended>;
}

export interface NetworkHost {
  readonly name: string;
  /** Those it was made with, without their prefix. */
  readonly addresses: readonly string[];
  /** The id of its first process, as this machine counts. */
  readonly pid: number;
  /** Program and arguments that run a program in the host. */
  command(program: string, args: readonly string[]): [string, ...string[]];
  run(program: string, args: readonly string[], options?: StartOptions): Promise<Ended>;
  start(program: string, args: readonly string[], options?: StartOptions): Started;
  /** `ip ARGS` in the host. @throws where it fails */
  ip(...args: string[]): Promise<void>;
  /** Pulls its cable, or puts it back. */
  cable(state: "in" | "out"): Promise<void>;
  /** A path on this machine that starts the program in the host; gone when the test ends. */
  launcher(program: string): string;
  /** Where this machine finds a file of the host. */
  file(path: string): string;
}

export interface Network<N extends string> {
  readonly hosts: Readonly<Record<N, NetworkHost>>;
  /** A further cable between two hosts, an interface of this name in both. */
  connect(a: N, b: N, interfaceName: string): Promise<void>;
  /** Ends everything that runs in the hosts, and the hosts. */
  readonly remove: () => Promise<void>;
}

const TOOLS = ["ip", "unshare", "nsenter", "mount"];

/** A suite that makes hosts; skipped, and says why, where this user may not or a tool is missing. */
export function describeWithHosts(
  title: string,
  tools: readonly string[],
  suite: () => void,
): void {
  const why = process.env["CI"] === "true" ? undefined : whyNoHosts();
  if (why !== undefined) describe.skip(`${title} [${why}]`, suite);
  else describeWithTools(title, [...TOOLS, ...tools], suite);
}

function whyNoHosts(): string | undefined {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const tried = spawnSync("unshare", ["--net", "--mount", "--pid", "--fork", "true"]);
  return tried.status === 0 ? undefined : "namespaces are not allowed here";
}

/** Hosts that are gone when the test ends. */
export async function makeHosts<N extends string>(
  specs: Readonly<Record<N, HostSpec>>,
): Promise<Network<N>["hosts"]> {
  const network = await makeNetwork(specs);
  return network.hosts;
}

/** The same, with the network itself. */
export async function makeNetwork<N extends string>(
  specs: Readonly<Record<N, HostSpec>>,
): Promise<Network<N>> {
  const network = await buildNetwork(specs);
  onTestFinished(() => network.remove());
  return network;
}

/** Hosts that belong to no single test: whoever builds them removes them. */
export async function buildNetwork<N extends string>(
  specs: Readonly<Record<N, HostSpec>>,
): Promise<Network<N>> {
  const names = Object.keys(specs) as N[];
  const holders: Holder[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(holders.map((holder) => holder.end()));
  };
  try {
    holders.push(
      await hold(["ip link set lo up", "ip link add sw type bridge", "ip link set sw up"]),
    );
    const [wires] = holders as [Holder];
    const made = names.map(async (name, index): Promise<[N, NetworkHost]> => {
      const spec = specs[name];
      const own = spec.addresses ?? [`10.77.0.${index + 1}/24`, `fd77::${index + 1}/64`];
      const holder = await hold(setUp(spec.hostname ?? name));
      holders.push(holder);
      await plugIn(holder.pid, wires.pid, { port: `port${index}`, addresses: own });
      return [name, hostOf(holder.pid, wires.pid, { name, port: `port${index}`, addresses: own })];
    });
    const hosts = Object.fromEntries(await Promise.all(made)) as Record<N, NetworkHost>;
    const connect = (a: N, b: N, interfaceName: string): Promise<void> =>
      ipOf(
        `link add ${interfaceName} netns ${hosts[a].pid} type veth peer name ${interfaceName} netns ${hosts[b].pid}`,
      );
    return { hosts, connect, remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

interface Holder {
  readonly pid: number;
  end(): Promise<void>;
}

/** Folders a host may write to without this machine noticing. */
const OWN_FOLDERS = ["/etc", "/usr/local", "/var/lib", "/root"];

function setUp(hostname: string): string[] {
  return [
    "mount --make-rprivate /",
    "mount -t tmpfs tmpfs /mnt",
    ...OWN_FOLDERS.flatMap((folder) => [
      `mkdir -p /mnt${folder}/upper /mnt${folder}/work`,
      `mount -t overlay overlay -o lowerdir=${folder},upperdir=/mnt${folder}/upper,workdir=/mnt${folder}/work ${folder}`,
    ]),
    "mount -t tmpfs tmpfs /run",
    "mkdir -p /run/dbus /run/lock",
    `hostname ${hostname}`,
    "rm -f /etc/resolv.conf /etc/hosts /etc/nsswitch.conf",
    "printf 'nameserver 127.0.0.1\\noptions timeout:1 attempts:1\\n' > /etc/resolv.conf",
    `printf '127.0.0.1 localhost ${hostname}\\n::1 localhost\\n' > /etc/hosts`,
    "printf 'passwd: files\\ngroup: files\\nhosts: files mdns_minimal [NOTFOUND=return] dns\\n' > /etc/nsswitch.conf",
    // A fresh address is good at once: nobody else is on this network.
    "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad",
    "ip link set lo up",
  ];
}

/** Namespaces that live as long as the pipe to their first process, and take everything in them along. */
async function hold(commands: readonly string[]): Promise<Holder> {
  const script = ["set -e", ...commands, "echo ready", "exec cat"].join("\n");
  const own = ["--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("unshare", [...own, "sh", "-c", script], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const gone = once(child, "exit");
  const first = await Promise.race([once(child.stdout, "data"), gone.then(() => undefined)]);
  if (first === undefined) throw new Error(`a host could not be made: ${said}`);
  const end = async (): Promise<void> => {
    child.stdin.end();
    await gone;
  };
  return { pid: childOf(child.pid!), end };
}

/** The first child of a process, as this machine counts. */
function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  const [first] = children.split(" ");
  if (!first) throw new Error(`process ${pid} has no child`);
  return Number(first);
}

interface Place {
  readonly port: string;
  readonly addresses: readonly string[];
}

async function plugIn(host: number, wires: number, { port, addresses }: Place): Promise<void> {
  await ipOf(`link add eth0 netns ${host} type veth peer name ${port} netns ${wires}`);
  await ipOf(`link set ${port} master sw up`, wires);
  await ipOf("link set eth0 up", host);
  for (const address of addresses) {
    await ipOf(`addr add ${address} dev eth0${address.includes(":") ? " nodad" : ""}`, host);
  }
  await ipOf("route add 224.0.0.0/4 dev eth0", host);
}

/** `ip ARGS`, in the network of a process. */
async function ipOf(args: string, inside?: number): Promise<void> {
  const enter = inside === undefined ? [] : ["nsenter", "-t", String(inside), "-n"];
  const line = [...enter, "ip", ...args.split(" ")] as [string, ...string[]];
  const { code, stderr } = await launch(line, {}).ended;
  if (code !== 0) throw new Error(`ip ${args}: ${stderr}`);
}

function hostOf(
  pid: number,
  wires: number,
  { name, port, addresses }: Place & { readonly name: string },
): NetworkHost {
  // Entering the mounts would lose the folder we are in.
  const enter = ["-t", String(pid), "-n", "-m", "-u", "-p", `--wd=${process.cwd()}`, "--"];
  const command = (program: string, args: readonly string[]): [string, ...string[]] => [
    "nsenter",
    ...enter,
    toolPath(program) ?? program,
    ...args,
  ];
  const start = (program: string, args: readonly string[], options: StartOptions = {}): Started => {
    return launch(command(program, args), options, childOf);
  };
  return {
    name,
    addresses: addresses.map((address) => address.replace(/\/.*$/, "")),
    pid,
    command,
    start,
    run: (program, args, options) => start(program, args, options).ended,
    ip: (...args) => ipOf(args.join(" "), pid),
    cable: (state) => ipOf(`link set ${port} ${state === "in" ? "up" : "down"}`, wires),
    launcher: (program) => writeLauncher(command(program, [])),
    file: (path) => `/proc/${pid}/root${path}`,
  };
}

/** @param inner who gets the signals, by the id of what was spawned. */
function launch(
  [program, ...args]: readonly [string, ...string[]],
  { env, input }: StartOptions,
  inner: (pid: number) => number = (pid) => pid,
): Started {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: "pipe" });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdin.on("error", () => undefined); // it ended without reading; its exit code tells the story
  if (input !== undefined) child.stdin.end(input);
  else child.stdin.end();
  const ended = once(child, "close").then(([code]): Ended => ({
    code: code as number | null,
    stdout,
    stderr,
  }));
  const signal = (name: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(inner(child.pid!), name);
  };
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    signal,
    end: (name = "SIGTERM") => {
      signal(name);
      return ended;
    },
  };
}

function writeLauncher(command: readonly string[]): string {
  const folder = tempFolder();
  const path = join(folder, "launch");
  const words = command.map((word) => `'${word}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Puts a file into a host, and its folders. */
export function writeIn(host: NetworkHost, path: string, text: string): void {
  const place = host.file(path);
  mkdirSync(join(place, ".."), { recursive: true });
  rmSync(place, { force: true });
  writeFileSync(place, text);
}
