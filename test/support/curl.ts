import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { OpenDoor } from "./genkan.ts";
import { toolPath } from "./tools.ts";

export interface CurlEnded {
  /** curl's exit code, 0 when all is well. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs curl with these arguments to its end; see startCurl. */
export async function curl(door: OpenDoor, args: readonly string[]): Promise<CurlEnded> {
  const child = await startCurl(door, args);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "close"),
  ]);
  return { code: child.exitCode, stdout, stderr };
}

/**
 * Starts curl as on a device that trusts the door's root alone, and where the names of apps lead to the
 * door. It reads no configuration of this machine, and is ended with the test at the latest.
 */
export async function startCurl(door: OpenDoor, args: readonly string[]): Promise<ChildProcess> {
  const root = await door.genkan("root", "path");
  if (root.code !== 0) throw new Error(root.stderr);
  const names = door.ready.apps.flatMap(({ url }) => [
    "--resolve",
    `${new URL(url).hostname}:${door.httpsPort}:127.0.0.1`,
  ]);
  const own = ["-q", "-sS", "--noproxy", "*", "--max-time", "50", "--cacert", root.stdout.trim()];
  const child = spawn(toolPath("curl") ?? "curl", [...own, ...names, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}
