/*
 * The real program as a door in a host of support/namespaces.ts, on the standard ports.
 */
import { type Ended, type OpenDoor, PROGRAM } from "./genkan.ts";
import type { NetworkHost, Started } from "./namespaces.ts";

export interface DoorInHost {
  readonly home: string;
  /** The line `genkan up --json` prints. */
  readonly ready: OpenDoor["ready"];
  /** The running program. */
  readonly program: Started;
  /** Runs another command in the same host with the same home. */
  genkan(...args: string[]): Promise<Ended>;
}

/**
 * Opens a door there; it ends with the host at the latest. The apps of its line are open to everyone, unless that says
 * otherwise. @param home a folder of this machine.
 */
export async function openDoorIn(
  host: NetworkHost,
  home: string,
  args: readonly string[] = [],
): Promise<DoorInHost> {
  const env = { GENKAN_HOME: home };
  const access = args.includes("--access") ? [] : ["--access", "open"];
  const line = [PROGRAM, "up", ...args, ...access, "--json"];
  const program = host.start(process.execPath, line, { env });
  const said = await firstLine(program);
  return {
    home,
    ready: JSON.parse(said) as OpenDoor["ready"],
    program,
    genkan: (...more) => host.run(process.execPath, [PROGRAM, ...more], { env }),
  };
}

function firstLine({ process: child, stdout, stderr, ended }: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", () => {
      const said = stdout();
      if (said.includes("\n")) resolve(said.slice(0, said.indexOf("\n")));
    });
    void ended.then(({ code }) =>
      reject(new Error(`the door did not open (${code}): ${stderr()}`)),
    );
  });
}
