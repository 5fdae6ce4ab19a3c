/*
 * Where this machine's Docker publishes OpenHands, whoever started it there: for `genkan up openhands` where its usual
 * ports have none. Docker alone is asked; what listens at those places is for the caller to see.
 */
import { dockerContainers } from "../../apps/openhands-run/docker.ts";
import { factsOf } from "../../apps/openhands-run/generations.ts";
import { type OpenHandsSeen, openHandsAmong } from "../../apps/openhands-run/recognise.ts";
import { GenkanError } from "../../kernel/errors.ts";
import type { Upstream } from "../../model/target.ts";
import { dockerSocketPath } from "../../platform/docker-socket.ts";
import type { Host } from "../../platform/host.ts";

export interface Published {
  readonly places: readonly Upstream[];
  /** A sentence, where Docker could not be asked. */
  readonly trouble?: string;
}

/** Never rejects for what is the matter with Docker. */
export async function publishedPlaces(host: Host): Promise<Published> {
  const socket = dockerSocketPath(host);
  if (socket === undefined) {
    return { places: [], trouble: "Docker is on another machine (DOCKER_HOST)." };
  }
  const containers = dockerContainers({ socket, host, otherwise: async () => "" });
  try {
    // Which addresses are exposed is not asked here, so no gateway is needed.
    const there = openHandsAmong(await containers.list(), "");
    const places = there.filter(({ isRunning }) => isRunning).flatMap(placesOf);
    return { places };
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    return { places: [], trouble: thrown.message };
  }
}

/** Published everywhere, it is asked here. */
const ASKED: Readonly<Record<string, string>> = {
  "0.0.0.0": "127.0.0.1",
  "": "127.0.0.1",
  "::": "::1",
};

/** Those of its page: 0.36's container may publish others. Loopback comes first. */
function placesOf({ generation, ports }: OpenHandsSeen): Upstream[] {
  const inside = generation && factsOf(generation).port;
  const isLoopback = ({ host }: Upstream): boolean => host === "127.0.0.1";
  return ports
    .filter((each) => inside === undefined || each.inside === inside)
    .map(({ address, port }): Upstream => {
      return { scheme: "http", host: ASKED[address] ?? address, port, insecure: false };
    })
    .toSorted((a, b) => Number(isLoopback(b)) - Number(isLoopback(a)));
}
