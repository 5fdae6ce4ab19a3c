/*
 * Every TCP socket that listens on this machine and, as far as we may know, whose it is: one way
 * for each operating system. listening.ts and ports.ts make something of it.
 */
import type { Host } from "./host.ts";
import { linuxListeners } from "./linux-listeners.ts";
import type { Listener } from "./listener.ts";
import { parseLsof, parseNetstat, parseTasklist } from "./parse-listeners.ts";
import { ProgramFailedError, type Run } from "./run.ts";

export interface Hands {
  readonly host: Host;
  readonly run: Run;
}

/**
 * @param port only this one; 0 for all.
 * @throws ProgramFailedError where the system's own tool does not work.
 */
export async function readListeners({ host, run }: Hands, port = 0): Promise<Listener[]> {
  switch (host.os) {
    case "linux":
      return linuxListeners(port);
    case "windows":
      return windowsListeners({ host, run }, port);
    case "macos":
    case "other":
      return lsofListeners({ host, run }, port);
  }
}

async function lsofListeners({ host, run }: Hands, port: number): Promise<Listener[]> {
  const lsof = host.os === "macos" ? "/usr/sbin/lsof" : "lsof"; // a service's PATH may lack sbin
  const what = port === 0 ? "-iTCP" : `-iTCP:${port}`;
  try {
    const { stdout } = await run(lsof, ["-nP", "+c0", what, "-sTCP:LISTEN", "-F", "pcLtn"]);
    return parseLsof(stdout);
  } catch (thrown) {
    // lsof ends with 1 and says nothing when there is nothing to list.
    const isNothing = thrown instanceof ProgramFailedError && thrown.end.exitCode === 1;
    if (isNothing && thrown.end.output === "") return [];
    throw thrown;
  }
}

async function windowsListeners({ host, run }: Hands, port: number): Promise<Listener[]> {
  // By full path: a bare name would first be looked for in the current folder.
  const system = `${host.env["SystemRoot"] ?? "C:\\Windows"}\\System32`;
  const [sockets, tasks] = await Promise.all([
    run(`${system}\\netstat.exe`, ["-ano"]),
    run(`${system}\\tasklist.exe`, ["/fo", "csv", "/nh"]),
  ]);
  const names = parseTasklist(tasks.stdout);
  return parseNetstat(sockets.stdout)
    .filter((listener) => port === 0 || listener.port === port)
    .map((listener) => ({ ...listener, program: names.get(listener.pid ?? 0) }));
}
