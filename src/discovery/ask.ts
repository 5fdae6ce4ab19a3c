/*
 * What discovery asks Docker: lists, and what the person said of a container beyond what its image says. Only GET:
 * who may use this socket may do all that root can, and the door only ever looks.
 */
import { setTimeout as delay } from "node:timers/promises";
import { GenkanError } from "../kernel/errors.ts";
import {
  DockerError,
  type DockerSocket,
  dockerSocketPath,
  groupOf,
} from "../platform/docker-socket.ts";
import type { Host } from "../platform/host.ts";
import type { KnownContainer } from "./candidates.ts";
import { type Container, fieldsOf, readContainers, textsOf } from "./container.ts";
import { discoveryErrors } from "./errors.ts";

/** Milliseconds for one answer. */
const PATIENCE = 10_000;

/** The running containers. @throws DockerError */
export async function listContainers(
  docker: DockerSocket,
  signal: AbortSignal,
): Promise<Container[]> {
  return readContainers(await get(docker, "/containers/json", signal));
}

interface Said {
  readonly env: Readonly<Record<string, string>>;
  /** Labels that the image brings, with what they say there. */
  readonly imageLabels: Readonly<Record<string, string>>;
  readonly isImageGone: boolean;
}

/** Remembers what cannot change as long as a container is there. */
export interface Details {
  /** What the person said of them: a label or a variable that the image's maker set does not count. */
  of(containers: readonly Container[], signal: AbortSignal): Promise<KnownContainer[]>;
}

/** @param needsAll whether other proxies' words count, which may be in any container's environment. */
export function createDetails(docker: DockerSocket, needsAll: boolean): Details {
  let known = new Map<string, Said>();
  const isAsked = ({ labels }: Container): boolean =>
    needsAll || Object.keys(labels).some((key) => key.startsWith("genkan."));
  return {
    of: async (containers, signal) => {
      const next = new Map<string, Said>();
      const result: KnownContainer[] = [];
      for (const container of containers.filter(isAsked)) {
        const said = known.get(container.id) ?? (await ask(docker, container, signal));
        if (!said) continue; // it is gone meanwhile; its event is on the way
        const { env, imageLabels, isImageGone } = said;
        if (!isImageGone) next.set(container.id, said); // it may come back
        const labels = without(container.labels, imageLabels);
        result.push({ ...container, labels, env, isImageGone });
      }
      known = next;
      return result;
    },
  };
}

async function ask(
  docker: DockerSocket,
  container: Container,
  signal: AbortSignal,
): Promise<Said | undefined> {
  const own = await inspect(docker, `/containers/${encodeURIComponent(container.id)}/json`, signal);
  if (!own) return undefined;
  const image = await inspect(
    docker,
    `/images/${encodeURIComponent(container.imageId)}/json`,
    signal,
  );
  if (!image) return { env: own.env, imageLabels: {}, isImageGone: true };
  return { env: without(own.env, image.env), imageLabels: image.labels, isImageGone: false };
}

/** @returns undefined where it is gone. */
async function inspect(docker: DockerSocket, path: string, signal: AbortSignal) {
  try {
    return configOf(await get(docker, path, signal));
  } catch (thrown) {
    if (thrown instanceof DockerError && thrown.status === 404) return undefined;
    throw thrown;
  }
}

function configOf(json: unknown) {
  const config = fieldsOf(fieldsOf(json)["Config"]);
  const list: unknown[] = Array.isArray(config["Env"]) ? config["Env"] : [];
  const env = list.map(String).map((line): [string, string] => {
    const [name = ""] = line.split("=", 1);
    return [name, line.slice(name.length + 1)];
  });
  const wanted = env.filter(([name]) => name.startsWith("VIRTUAL_"));
  return { labels: textsOf(config["Labels"]), env: Object.fromEntries(wanted) };
}

function without(
  texts: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = Object.entries(texts).filter(([key, value]) => others[key] !== value);
  return Object.fromEntries(own);
}

function get(docker: DockerSocket, path: string, signal: AbortSignal): Promise<unknown> {
  return docker.ask(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) });
}

/** Waits, or ends early when the signal does. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch((thrown: unknown) => {
    if (!signal.aborted) throw thrown;
  });
}

/** Why Docker could not be asked, for a person. */
export async function troubleOf(thrown: unknown, host: Host): Promise<GenkanError> {
  if (thrown instanceof GenkanError) return thrown;
  if (!(thrown instanceof DockerError)) throw thrown;
  const socket = dockerSocketPath(host) ?? "";
  const { code, message } = thrown;
  if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTDIR")
    return discoveryErrors.DOCKER_MISSING({ socket }, { cause: thrown });
  if (code === "EACCES" || code === "EPERM") {
    const group = await groupOf(socket);
    return discoveryErrors.DOCKER_NO_RIGHTS({ socket, user: host.user, group }, { cause: thrown });
  }
  return discoveryErrors.DOCKER_GONE({ why: message }, { cause: thrown });
}
