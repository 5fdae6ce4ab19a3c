/*
 * Follows Docker: one stream of events, and after whatever it tells one fresh list. Made by the wiring
 * (daemon/discovered.ts). Whatever Docker does, the door runs on: while it cannot be asked the last list stands.
 */
import { isDeepStrictEqual } from "node:util";
import type { GenkanError } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import { type DockerSocket, dockerSocketPath, openDocker } from "../platform/docker-socket.ts";
import type { Host } from "../platform/host.ts";
import type { Interfaces } from "../platform/network.ts";
import { createDetails, listContainers, troubleOf, wait } from "./ask.ts";
import { type Candidates, candidatesOf } from "./candidates.ts";
import { publishedByCommanders } from "./commanders.ts";
import { discoveryErrors } from "./errors.ts";
import { type PublishedPort, publishedBySandboxes } from "./sandboxes.ts";

export interface DiscoverySpec {
  readonly host: Host;
  readonly interfaces: () => Interfaces;
  /** Whether what was said to other proxies counts, too. */
  readonly takesOthers: boolean;
  readonly log: Log;
}

export interface Discovery extends Running {
  /** Apps that containers want to be, as of the last list; names are not looked at yet. */
  candidates(): Candidates;
  /** Why Docker cannot be asked; undefined while it can. */
  trouble(): GenkanError | undefined;
  /** Ports of OpenHands' sandboxes; undefined while Docker cannot be asked. */
  published(): readonly PublishedPort[] | undefined;
  /** Ports of containers that hold Docker's own socket, as of the last list. */
  commanders(): readonly PublishedPort[];
  /** Containers of candidates that say of themselves that they are not well; their routes stay. */
  unhealthy(): readonly string[];
  /** Asks anew. Never rejects. */
  look(): Promise<void>;
  /** Tells that any of the above may have changed. @returns ends that. */
  onChange(listener: () => void): () => void;
}

/** Milliseconds: containers of one compose file come together. */
const TOGETHER = 60;
/** Milliseconds: a bridge comes up a moment after the first container in it. */
const SETTLED = 800;
/** Milliseconds until Docker is asked again, the first time and at most. */
const AGAIN = { first: 200, most: 5_000 };

/** Resolves when Docker was asked once, or could not be. */
export async function startDiscovery(spec: DiscoverySpec): Promise<Discovery> {
  const { host, log } = spec;
  const ending = new AbortController();
  const listeners = new Set<() => void>();
  let state = NOT_ASKED;
  const become = (next: State): void => {
    if (isDeepStrictEqual(said(state), said(next))) return;
    if (state.trouble?.code !== next.trouble?.code) {
      log.info("docker.state", { trouble: next.trouble?.code ?? "none" });
    }
    state = next;
    for (const listener of listeners) listener();
  };
  const lose = async (thrown: unknown): Promise<void> => {
    const trouble = await troubleOf(thrown, host);
    if (!ending.signal.aborted) become({ ...state, published: undefined, trouble });
  };
  const source = sourceOf(spec, ending.signal);
  let queue = Promise.resolve();
  const look = (): Promise<void> =>
    (queue = queue.then(async () => {
      if (ending.signal.aborted) return;
      await source
        .look()
        .then(become, lose)
        .catch((why: unknown) => log.error("docker.look-failed", { why }));
    }));
  await look();
  const following = follow({ source, look, lose, signal: ending.signal, log });
  return {
    candidates: () => state.candidates,
    trouble: () => state.trouble,
    published: () => state.published,
    commanders: () => state.commanders,
    unhealthy: () => state.unhealthy,
    look,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: async () => {
      ending.abort();
      await Promise.all([following, queue]);
    },
  };
}

interface State {
  readonly candidates: Candidates;
  readonly published: readonly PublishedPort[] | undefined;
  readonly commanders: readonly PublishedPort[];
  readonly trouble: GenkanError | undefined;
  readonly unhealthy: readonly string[];
}

const NOT_ASKED: State = {
  candidates: { apps: [], troubles: [] },
  published: undefined,
  commanders: [],
  trouble: undefined,
  unhealthy: [],
};

/** What can be compared. */
function said({ candidates, trouble, ...more }: State): unknown {
  const troubles = candidates.troubles.map(({ container, error }) => [container, error.message]);
  return [candidates.apps, troubles, trouble?.message, more];
}

interface Source {
  look(): Promise<State>;
  /** Resolves or rejects when the stream ends. */
  listen(onEvent: () => void): Promise<void>;
}

/** The socket is looked for each time: Docker may be installed, or be another one, later. */
function sourceOf({ host, interfaces, takesOthers }: DiscoverySpec, signal: AbortSignal): Source {
  let docker: DockerSocket | undefined;
  let details = createDetails(openDocker(""), takesOthers);
  const now = (): DockerSocket => {
    const path = dockerSocketPath(host);
    if (path === undefined)
      throw discoveryErrors.DOCKER_ELSEWHERE({ place: host.env["DOCKER_HOST"] ?? "" });
    if (docker?.path === path) return docker;
    docker = openDocker(path);
    details = createDetails(docker, takesOthers);
    return docker;
  };
  return {
    look: async () => {
      const socket = now();
      const containers = await listContainers(socket, signal);
      const known = await details.of(containers, signal);
      const candidates = candidatesOf(known, interfaces(), takesOthers);
      const published = publishedBySandboxes(containers);
      const commanders = publishedByCommanders(containers, socket.path);
      const unhealthy = known.filter((each) => each.isUnhealthy).map(({ name }) => name);
      return { candidates, published, commanders, trouble: undefined, unhealthy };
    },
    listen: async (onEvent) => now().lines(`/events?filters=${EVENTS}`, { signal }, onEvent),
  };
}

const EVENTS = encodeURIComponent(
  JSON.stringify({
    type: ["container", "network"],
    event: [
      "start",
      "die",
      "stop",
      "pause",
      "unpause",
      "rename",
      "destroy",
      "health_status",
      "connect",
      "disconnect",
    ],
  }),
);

interface Following {
  readonly source: Source;
  readonly look: () => Promise<void>;
  readonly lose: (thrown: unknown) => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Until the end: listens, asks when something happened, and begins again when Docker was away. */
async function follow({ source, look, lose, signal, log }: Following): Promise<void> {
  let pause = AGAIN.first;
  const soon = inAWhile(TOGETHER, look, signal);
  const later = inAWhile(SETTLED, look, signal);
  const onEvent = (): void => {
    soon();
    later();
  };
  while (!signal.aborted) {
    const began = performance.now();
    // What happened before the stream began is in a list that is asked for behind it.
    const listening = source.listen(onEvent);
    onEvent();
    try {
      await listening;
      if (!signal.aborted)
        await lose(discoveryErrors.DOCKER_GONE({ why: "it ended its stream of events" }));
    } catch (thrown) {
      if (!signal.aborted)
        await lose(thrown).catch((why: unknown) => log.error("docker.lost", { why }));
    }
    pause = performance.now() - began > AGAIN.most ? AGAIN.first : Math.min(pause * 2, AGAIN.most);
    await wait(pause, signal);
  }
}

/** Does it once, `ms` after the first call of many. */
function inAWhile(ms: number, task: () => Promise<void>, signal: AbortSignal): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    void wait(ms, signal).then(() => {
      isDue = false;
      return task();
    });
  };
}
