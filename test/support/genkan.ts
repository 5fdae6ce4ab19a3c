import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** The program as built by `npm run build` (test/support/build.ts builds it before the tests). */
export const PROGRAM = join(import.meta.dirname, "../../dist/genkan.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GenkanOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `genkan ARGS` with a home of its own to its end. */
export async function genkan(
  home: string,
  args: readonly string[],
  { input = "", env = {} }: GenkanOptions = {},
): Promise<Ended> {
  const child = start(home, args, env);
  child.stdin?.end(input);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    closed(child),
  ]);
  return { code: child.exitCode, stdout, stderr };
}

export interface OpenDoor {
  readonly home: string;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly pid: number;
  /** The line `genkan up --json` prints. */
  readonly ready: {
    readonly ready: true;
    readonly portal: string;
    readonly apps: readonly { name: string; url: string; upstream: string }[];
    readonly root: { path: string; fingerprint: string };
    /** Lets the first device in; null where there is an owner. */
    readonly pairing: { digits: string; expires: string } | null;
  };
  readonly process: ChildProcess;
  /** What it said on standard error so far. */
  stderr(): string;
  /** Runs another command against the same home. */
  genkan(...args: string[]): Promise<Ended>;
  /** Sends a signal and waits for the end; gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Opens a door on 127.0.0.1 with ports of its own; it is ended with the test at the latest. */
export async function openDoor(
  home: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<OpenDoor> {
  const ports = { httpsPort: await freePort(), httpPort: await freePort() };
  return openDoorAt({ home, ...ports }, args, env);
}

/** The same at given ports: those of a door that was ended, say. */
export async function openDoorAt(
  place: DoorPlace,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<OpenDoor> {
  const { opened, end } = launchDoor(place, args, env);
  onTestFinished(async () => {
    await end("SIGKILL");
  });
  return opened;
}

export type DoorPlace = Pick<OpenDoor, "home" | "httpsPort" | "httpPort">;

/**
 * Starts a door that belongs to no single test: whoever starts it ends it. The apps of its line are open to
 * everyone, unless that says otherwise: most tests are not about who is let in.
 */
export function launchDoor(
  { home, httpsPort, httpPort }: DoorPlace,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Pick<OpenDoor, "end"> & { readonly opened: Promise<OpenDoor> } {
  const ports = ["--https-port", String(httpsPort), "--http-port", String(httpPort)];
  const access = args.includes("--access") ? [] : ["--access", "open"];
  const child = start(
    home,
    ["up", ...args, ...access, "--address", "127.0.0.1", ...ports, "--json"],
    env,
  );
  const end = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    child.kill(signal);
    await closed(child);
    return child.exitCode;
  };
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const opened = firstLine(child, () => stderr).then((line) => ({
    home,
    httpsPort,
    httpPort,
    pid: child.pid!,
    ready: JSON.parse(line) as OpenDoor["ready"],
    process: child,
    stderr: () => stderr,
    genkan: (...more: string[]) => genkan(home, more),
    end,
  }));
  return { opened, end };
}

/**
 * A TCP port of 127.0.0.1 nobody listens on at this moment. It lies below those the system gives out by
 * itself (32768 and up): one of those could be taken, by anybody, before the test listens on it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
}

/** Asked twice before anyone listens there, one port could be drawn twice. */
const given = new Set<number>();

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}

function start(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, GENKAN_HOME: home, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

function firstLine(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      if (said.includes("\n")) resolve(said.slice(0, said.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`the door did not open (${code}): ${stderr()}`)));
  });
}
