/*
 * The real program as a door in a host of support/namespaces.ts that asks the Docker of support/docker.ts, and what
 * it shows to somebody on the same host.
 */
import { join } from "node:path";
import { expect, vi } from "vitest";
import { PROGRAM } from "./genkan.ts";
import type { NetworkHost } from "./namespaces.ts";
import { tempFolder } from "./temp.ts";

/** Until what Docker does has arrived at the door. */
export const SOON = { timeout: 15_000, interval: 50 };

const CURL = ["-q", "-sS", "--max-time", "5"];

export interface DoorBesideDocker {
  readonly folder: string;
  /** What `genkan` prints, whatever its command. */
  genkan(...words: string[]): Promise<string>;
  status(): Promise<string>;
  /** What the door answers at a name or NAME:PORT and the path behind it; why not, where it fails. */
  page(address: string, headers?: readonly string[]): Promise<string>;
  end(): Promise<unknown>;
}

/** @param user `nobody`, or who runs the tests. */
export async function openDoorBeside(
  host: NetworkHost,
  socket: string,
  { folder = tempFolder(), user }: { folder?: string; user?: "nobody" } = {},
): Promise<DoorBesideDocker> {
  const env = { GENKAN_HOME: folder, DOCKER_HOST: `unix://${socket}` };
  const as =
    user === undefined ? [] : ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
  if (user !== undefined) {
    await host.run("chown", ["-R", "65534:65534", folder]);
    await host.run("chmod", ["755", join(socket, "..")]);
  }
  const [program = "", ...args]: readonly string[] = [...as, process.execPath, PROGRAM];
  const running = host.start(program, [...args, "up", "--json"], { env });
  await vi.waitFor(
    () => expect(`${running.stdout()}${running.stderr()}`).toContain('"root"'),
    SOON,
  );
  const genkan = async (...words: string[]) =>
    (await host.run(program, [...args, ...words], { env })).stdout;
  const root = (await genkan("root", "path")).trim();
  return {
    folder,
    genkan,
    status: () => genkan("status"),
    page: async (address, headers = []) => {
      const { hostname, port, href } = new URL(`https://${address}`);
      const at = ["--resolve", `${hostname}:${port || 443}:127.0.0.1`, href];
      const said = headers.flatMap((header) => ["--header", header]);
      const { stdout, stderr } = await host.run("curl", [
        ...CURL,
        "--cacert",
        root,
        ...said,
        ...at,
      ]);
      return stdout || stderr; // why it failed, where it did
    },
    end: () => running.end("SIGTERM"),
  };
}
