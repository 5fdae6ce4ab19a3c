/*
 * The container engine as start, stop and status need it, over Docker's socket. Paths carry no version, as discovery's
 * carry none: Docker 20.10 speaks at most 1.41, and Docker 29 refuses everything below 1.44. What Docker refuses
 * becomes one of errors.ts.
 */
import { messageOf } from "../../kernel/errors.ts";
import { printable } from "../../kernel/printable.ts";
import {
  DockerError,
  type DockerSocket,
  groupOf,
  openDocker,
} from "../../platform/docker-socket.ts";
import type { Host } from "../../platform/host.ts";
import { mountsOf } from "./command-line.ts";
import { runErrors } from "./errors.ts";
import type { Containers } from "./needs.ts";
import { pullProgress } from "./pull-progress.ts";
import { readContainers, readGateway, readRecord } from "./read-docker.ts";
import type { RunSpec } from "./run-spec.ts";

export interface DockerPlace {
  readonly socket: string;
  readonly host: Pick<Host, "user" | "os">;
  /** What else can be done where there is no Docker, as the end of a sentence. */
  readonly otherwise: () => Promise<string>;
}

export function dockerContainers(place: DockerPlace): Containers {
  const docker = openDocker(place.socket);
  const attempt: Attempt = async (what, work) => {
    try {
      return await work(docker);
    } catch (thrown) {
      throw thrown instanceof DockerError ? await troubleOf(what, thrown, place) : thrown;
    }
  };
  return {
    socket: place.socket,
    ...looks(attempt, place.host),
    ...acts(attempt),
    pull: (image, tell, signal) => pull({ docker, image, place, signal }, tell),
  };
}

/** Does something with Docker; what it refuses becomes a trouble. @param what "Docker did not ..." */
type Attempt = <T>(what: string, work: (docker: DockerSocket) => Promise<T>) => Promise<T>;
type Looks = Pick<Containers, "facts" | "gateway" | "list" | "hasImage" | "state" | "lastWords">;
type Acts = Pick<Containers, "create" | "start" | "stop" | "remove">;

function looks(attempt: Attempt, { os }: Pick<Host, "os">): Looks {
  return {
    facts: () =>
      attempt("answer", async ({ ask }) => {
        const info = readRecord(await ask("/info"));
        const isVirtual = /Docker Desktop|Rancher|OrbStack/i.test(String(info["OperatingSystem"]));
        const isRootless = JSON.stringify(info["SecurityOptions"] ?? []).includes("name=rootless");
        const isElsewhere = os === "macos" || os === "windows";
        return { kind: isVirtual || isElsewhere ? "desktop" : "engine", isRootless };
      }),
    gateway: () =>
      attempt("show its network", async ({ ask }) => readGateway(await ask("/networks/bridge"))),
    list: () =>
      attempt("list its containers", async ({ ask }) =>
        readContainers(await ask("/containers/json?all=1")),
      ),
    hasImage: (image) =>
      attempt("look for the image", ({ ask }) =>
        ask(`/images/${image}/json`).then(() => true, absent(false)),
      ),
    state: (id) =>
      attempt("say how the container is", async ({ ask }) => {
        const seen = readRecord(await ask(`/containers/${id}/json`));
        const state = readRecord(seen["State"]);
        const isRunning = state["Running"] === true && state["Restarting"] !== true;
        return {
          isRunning,
          restarts: Number(seen["RestartCount"]),
          exitCode: Number(state["ExitCode"]),
        };
      }),
    lastWords: (id) =>
      attempt("give the container's words", async ({ bytes }) => {
        return wordsIn(await bytes(`/containers/${id}/logs?stdout=1&stderr=1&tail=12`));
      }),
  };
}

function acts(attempt: Attempt): Acts {
  return {
    create: (spec, secrets) =>
      attempt("make the container", async ({ ask }) => {
        const { path, asked } = post(`/containers/create?name=${spec.name}`);
        const made = readRecord(await ask(path, { ...asked, body: bodyOf(spec, secrets) }));
        return String(made["Id"]);
      }),
    start: (id, { publish, generation }) =>
      attempt("start the container", async ({ ask }) => {
        const { path, asked } = post(`/containers/${id}/start`);
        await ask(path, asked).catch((thrown: unknown) => {
          if (!/already (?:allocated|in use)/.test(messageOf(thrown))) throw thrown;
          const at = publish.map(({ address, port }) => `${address}:${port}`).join(" or ");
          throw runErrors.OPENHANDS_PORT_TAKEN(
            { at, who: "another program", generation },
            { cause: thrown },
          );
        });
      }),
    stop: (id) =>
      attempt("stop the container", async ({ ask }) => {
        const { path, asked } = post(`/containers/${id}/stop?t=20`);
        await ask(path, asked).catch(absent(undefined));
      }),
    remove: (id) =>
      attempt("take the container away", async ({ ask }) => {
        await ask(`/containers/${id}?force=1`, { method: "DELETE" }).catch(absent(undefined));
      }),
  };
}

function post(path: string): { path: string; asked: { method: "POST" } } {
  return { path, asked: { method: "POST" } };
}

/** For `catch`: 404 means `value`. */
function absent<T>(value: T): (thrown: unknown) => T {
  return (thrown) => {
    if (thrown instanceof DockerError && thrown.status === 404) return value;
    throw thrown;
  };
}

interface Pull {
  readonly docker: DockerSocket;
  readonly image: string;
  readonly place: DockerPlace;
  readonly signal: AbortSignal;
}

/** An image comes as lines of JSON, and a failure is one of them: the status was 200 long before. */
async function pull(
  { docker, image, place, signal }: Pull,
  tell: Parameters<Containers["pull"]>[1],
): Promise<void> {
  const [, name = image, tag = "latest"] = /^(.+):([^:/]+)$/.exec(image) ?? [];
  const path = `/images/create?fromImage=${encodeURIComponent(name)}&tag=${tag}`;
  const progress = pullProgress(tell);
  let refused: string | undefined;
  try {
    await docker.lines(path, { method: "POST", signal }, (line) => {
      const { error } = readRecord(line);
      if (typeof error === "string") refused = error;
      else progress(readRecord(line));
    });
  } catch (thrown) {
    if (!(thrown instanceof DockerError)) throw thrown;
    if (signal.aborted) throw runErrors.OPENHANDS_STOPPED_MIDWAY({}, { cause: thrown });
    if (thrown.status === 0) throw await troubleOf("bring the image", thrown, place);
    refused = thrown.message;
  }
  if (refused !== undefined) throw pullTrouble(image, printable(refused, 300));
}

function pullTrouble(image: string, why: string): Error {
  if (/no space left/i.test(why)) return runErrors.OPENHANDS_DISK_FULL({ image });
  const isMissing = /manifest|not found|denied|unauthorized|does not exist/i.test(why);
  return isMissing
    ? runErrors.OPENHANDS_IMAGE_MISSING({ image, why })
    : runErrors.OPENHANDS_REGISTRY_UNREACHABLE({ image, why });
}

async function troubleOf(
  what: string,
  error: DockerError,
  { socket, host, otherwise }: DockerPlace,
): Promise<Error> {
  const options = { cause: error };
  if (error.code === "EACCES" || error.code === "EPERM") {
    const group = (await groupOf(socket)) ?? "docker";
    return runErrors.OPENHANDS_DOCKER_FORBIDDEN({ socket, group, user: host.user }, options);
  }
  if (error.status === 0) {
    const isAbsent = error.code === "ENOENT" || error.code === "ECONNREFUSED";
    const why = isAbsent
      ? `nobody listens at ${socket}`
      : `it stopped answering (${printable(error.message)})`;
    return runErrors.OPENHANDS_NO_DOCKER({ why, otherwise: await otherwise() }, options);
  }
  if (/no space left/i.test(error.message))
    return runErrors.OPENHANDS_DISK_FULL({ image: "the container" }, options);
  return runErrors.OPENHANDS_DOCKER_FAILED({ what, why: printable(error.message, 300) }, options);
}

/** Docker Engine API, ContainerCreate. */
export function bodyOf(spec: RunSpec, secrets: readonly string[]): unknown {
  const ports = Object.fromEntries(spec.publish.map(({ inside }) => [`${inside}/tcp`, {}]));
  const bindings = Object.keys(ports).map((inside) => [
    inside,
    spec.publish.map(({ address, port }) => ({ HostIp: address, HostPort: String(port) })),
  ]);
  return {
    Image: spec.image,
    Env: [...Object.entries(spec.env).map(([name, value]) => `${name}=${value}`), ...secrets],
    Labels: spec.labels,
    ExposedPorts: ports,
    ...(spec.user === undefined ? {} : { User: spec.user }),
    HostConfig: {
      Binds: mountsOf(spec),
      PortBindings: Object.fromEntries(bindings),
      ExtraHosts: spec.extraHosts,
      Tmpfs: spec.tmpfs,
      RestartPolicy: { Name: "unless-stopped" },
    },
  };
}

/** Without a terminal Docker puts 8 bytes before every piece: the stream it was said on, and how long it is. */
function wordsIn(bytes: Buffer): string {
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    pieces.push(bytes.toString("utf8", at + 8, at + 8 + length));
    at += 8 + length;
  }
  const lines = pieces
    .join("")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.length === 0 ? "  (none)" : lines.map((line) => `  ${printable(line)}`).join("\n");
}
