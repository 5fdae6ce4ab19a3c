/*
 * Whether other devices reach OpenHands itself around the door. 0.36 and 1.x ask nobody who they are and command
 * Docker: who reaches their port is root on this machine; Canvas hands out its key to everyone (#16879). And whether
 * Docker itself takes orders from the network. Called for every app of OpenHands.
 */
import type { Finding } from "../../../kernel/check.ts";
import type { ListeningAt } from "../around.ts";
import type { Kind } from "./recognise.ts";
import { unwell, well } from "./facts.ts";

export interface AroundApp {
  readonly app: string;
  /** Where the door asks it. */
  readonly upstream: string;
  readonly kind: () => Promise<Kind | undefined>;
  readonly listening: () => Promise<readonly ListeningAt[]>;
  /** Loopback and the bridges of containers: no device of the household is there. */
  readonly isInside: (address: string) => boolean;
  /** The gateway of Docker's own bridge; undefined where there is none. */
  readonly gateway: string | undefined;
}

export async function lookAroundApp(facts: AroundApp): Promise<Finding> {
  const { app, upstream, isInside } = facts;
  const { hostname, port, protocol } = new URL(upstream);
  if (!HERE.test(hostname) && !isInside(hostname)) return well("it runs on another machine");
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const wide = widely(facts, await facts.listening(), number);
  if (wide.length === 0) return well("other devices do not reach its own port");
  const kind = await facts.kind();
  return unwell(
    `Other devices reach ${app} around the door, at port ${number} of ${wide.join(", ")}, without signing in, unless a firewall stops them: ${kind === "canvas" ? IN_CANVAS : IN_OTHERS}.`,
    howToPublish(kind, number, facts.gateway),
  );
}

const HERE = /^(?:(?:.*\.)?localhost$|127\.|\[::1\])/;
const IN_CANVAS = "its page hands everyone the key with which they run commands";
const IN_OTHERS =
  "it asks nobody who they are, and whoever commands its Docker is root on this machine";

/** Fact of each generation: 1.x' sandboxes call the app back at the bridge's gateway. */
function howToPublish(kind: Kind | undefined, port: number, gateway: string | undefined): string {
  const inside = kind === "canvas" ? 8000 : 3000;
  const local = `-p 127.0.0.1:${port}:${inside}`;
  const back = gateway === undefined ? "" : ` -p ${gateway}:${port}:${inside}`;
  const options = kind === "1" || kind === undefined ? `${local}${back}` : local;
  const native =
    kind === "canvas" ? "; started with npm it listens everywhere, so run it with Docker" : "";
  return `Start it again with ${options} in place of -p ${port}:${inside}${native}`;
}

/** Without TLS, by custom; with TLS (2376) it asks for a certificate (docs.docker.com/engine/security/protect-access). */
const DOCKER_PORT = 2375;

export async function lookAtDocker(facts: AroundApp): Promise<Finding> {
  const listening = await facts.listening();
  const wide = widely(facts, listening, DOCKER_PORT);
  if (wide.length === 0) return well();
  return unwell(
    `Docker takes orders from the network without asking who gives them (port ${DOCKER_PORT} of ${wide.join(", ")}): whoever reaches it is root on this machine.`,
    `Take tcp://…:${DOCKER_PORT} out of "hosts" in /etc/docker/daemon.json, or -H tcp:// out of its service, and restart it`,
    "sudo systemctl restart docker",
  );
}

function widely(
  { isInside }: AroundApp,
  listening: readonly ListeningAt[],
  port: number,
): readonly string[] {
  const here = listening.filter((entry) => entry.port === port);
  return [...new Set(here.flatMap(({ addresses }) => addresses))].filter((one) => !isInside(one));
}
