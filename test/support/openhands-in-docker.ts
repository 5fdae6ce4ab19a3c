/*
 * Images that stand in for OpenHands, under the very names `genkan openhands start` asks Docker for: busybox that
 * answers what each generation answers when it is ready. And `genkan openhands` in a host beside that Docker.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { factsOf, type Generation } from "../../src/apps/openhands-run/generations.ts";
import { type Ended, PROGRAM } from "./genkan.ts";
import { startDocker } from "./docker.ts";
import { makeHosts, type NetworkHost, type Started } from "./namespaces.ts";
import { tempFolder } from "./temp.ts";

/** What each answers when it is ready (apps/openhands-run/ready.ts asks it). */
const ROUTES: Readonly<Record<Generation, Readonly<Record<string, string>>>> = {
  "0.36": { health: '"OK"', "api/options/config": '{"APP_MODE":"oss"}' },
  "1": { alive: '{"status":"ok"}' },
  canvas: { ready: '{"status":"ready"}' },
};

/** Goes on until it is stopped: the first process of a container ends by a signal only where it handles it. */
export const HOLD = "{ trap exit TERM; busybox sleep 1000 & wait; }";

/** The image's command: it writes into its state folder, as the real one does, and serves. */
export function servesWhenReady(generation: Generation): string {
  const { port, stateInside } = factsOf(generation);
  const files = Object.entries(ROUTES[generation]).flatMap(([path, body]) => [
    `busybox mkdir -p "$(busybox dirname "$W/${path}")"`,
    `echo '${body}' > "$W/${path}"`,
  ]);
  return [
    'W="$HOME/served"',
    'busybox mkdir -p "$W"',
    ...files,
    `echo begun >> ${stateInside}/conversations`,
    `busybox httpd -p ${port} -h "$W"`,
    HOLD,
  ].join(" && ");
}

/** A machine with Docker and a person's home. */
export async function makeMachine() {
  const { box } = await makeHosts({ box: {} });
  const docker = await startDocker(box);
  const home = tempFolder();
  const env = {
    HOME: home,
    GENKAN_HOME: join(home, "genkan"),
    DOCKER_HOST: `unix://${docker.socket}`,
  };
  const launch = (...args: string[]): Started =>
    box.start(process.execPath, [PROGRAM, ...args], { env });
  return {
    box,
    docker,
    home,
    env,
    launch,
    genkan: async (...args: string[]): Promise<Ended> => launch(...args).ended,
    /** Makes the image of a generation; it serves as the real one does unless told what else it runs. */
    image: (generation: Generation, script = servesWhenReady(generation)) =>
      docker.importImage(factsOf(generation).image, [
        `CMD ${JSON.stringify(["/bin/busybox", "sh", "-c", script])}`,
      ]),
    config: () => readIfThere(join(env.GENKAN_HOME, "genkan.yaml")),
    keyFile: join(env.GENKAN_HOME, "state", "openhands", "canvas.env"),
    /** Names of all containers. */
    containers: () => docker.docker("ps", "--all", "--format", "{{.Names}}"),
    inspect: (format: string, name = "genkan-openhands") =>
      docker.docker("inspect", "--format", format, name),
  };
}

export type Machine = Awaited<ReturnType<typeof makeMachine>>;

/** Addresses and ports at which programs of a host listen, as `ss` tells. */
export async function listening(host: NetworkHost): Promise<string[]> {
  const { stdout } = await host.run("ss", ["-Hltn"], {});
  return stdout.split("\n").flatMap((line) => line.trim().split(/\s+/)[3] ?? []);
}

export function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

function readIfThere(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, "utf8") : "";
}
