import { execFile } from "node:child_process";
import { onTestFinished } from "vitest";
import type { OpenDoor } from "./genkan.ts";
import { toolPath } from "./tools.ts";

export interface CurlEnded {
  /** curl's exit code, 0 when all is well. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs curl with these arguments to its end, as on a device that trusts the door's root alone; names of the
 * home lead to the door. Its `-w` and headers come as they are, and no configuration of this machine is read.
 */
export async function curl(door: OpenDoor, args: readonly string[]): Promise<CurlEnded> {
  const root = await door.genkan("root", "path");
  if (root.code !== 0) throw new Error(root.stderr);
  const names = ["app", "hello", "wiki"].flatMap((app) => [
    "--resolve",
    `${app}.local:${door.httpsPort}:127.0.0.1`,
  ]);
  const own = ["-q", "-sS", "--noproxy", "*", "--max-time", "120"];
  return run([...own, "--cacert", root.stdout.trim(), ...names, ...args]);
}

function run(args: readonly string[]): Promise<CurlEnded> {
  return new Promise((resolve, reject) => {
    const program = toolPath("curl") ?? "curl";
    const options = { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(error ?? new Error("curl has no exit code"));
    });
    onTestFinished(() => void child.kill("SIGKILL"));
  });
}
