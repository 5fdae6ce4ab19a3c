/*
 * How a container of OpenHands is run so that nobody reaches it around the door: image, ports, environment,
 * folders, from the facts of this machine. Pure; start.ts hands it to Docker, command-line.ts prints it.
 */
import { posix, win32 } from "node:path";
import type { Host } from "../../platform/host.ts";
import { factsOf, type Generation } from "./generations.ts";

/** The name of our container, and the labels it is told apart by from anybody else's. */
export const CONTAINER_NAME = "genkan-openhands";
export const LABELS = {
  managed: "genkan-openhands.managed",
  generation: "genkan-openhands.managed.generation",
  port: "genkan-openhands.managed.port",
  projects: "genkan-openhands.managed.projects",
} as const;

/** What is asked for. */
export interface Wish {
  readonly generation: Generation;
  /** The port of this machine; the generation's own unless told. */
  readonly port?: number | undefined;
  /** An absolute folder for projects. Canvas has ~/projects unless told, the others none. */
  readonly projects?: string | undefined;
}

/** What this machine is like. */
export interface MachineFacts {
  readonly os: Host["os"];
  readonly home: string;
  /**
   * `engine`: Linux's own Docker, where containers reach the host at the bridge's gateway only. `desktop`: Docker in a
   * virtual machine, whose host.docker.internal leads to this machine's loopback.
   */
  readonly docker: "engine" | "desktop";
  /** The address of the network `bridge` on the host; 172.17.0.1 where nobody changed it. */
  readonly gateway: string;
  /** Where the Docker socket is, for generations that are handed it. */
  readonly socket: string;
  /** Where the browser finds it: https://openhands.local */
  readonly doorUrl: string;
  /** The file, for this user alone, that holds Canvas' key as NAME=value. */
  readonly keyFile: string;
  /** `uid:gid` to run Canvas as, where its own user may not write into the state folder. */
  readonly user?: string | undefined;
}

interface Published {
  readonly address: string;
  readonly port: number;
  readonly inside: number;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
}

export interface RunSpec {
  readonly generation: Generation;
  readonly image: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly publish: readonly Published[];
  /** Without secrets: those are in `envFile`. */
  readonly env: Readonly<Record<string, string>>;
  readonly envFile?: string | undefined;
  /** Folders that must be there before, or Docker makes them as root's. */
  readonly folders: readonly Mount[];
  readonly socket?: Mount | undefined;
  readonly extraHosts: readonly string[];
  readonly user?: string | undefined;
  /** Folders inside that live in memory: path and mount options. */
  readonly tmpfs: Readonly<Record<string, string>>;
}

/** @throws nothing: what a person can get wrong (folders, ports) is refused before. */
export function runSpec(wish: Wish, machine: MachineFacts): RunSpec {
  const { generation } = wish;
  const facts = factsOf(generation);
  const port = wish.port ?? facts.port;
  const projects = projectsOf(wish, machine);
  const own = OWN[generation]({ ...machine, port, projects });
  return {
    generation,
    image: facts.image,
    name: CONTAINER_NAME,
    labels: {
      [LABELS.managed]: "openhands",
      [LABELS.generation]: generation,
      [LABELS.port]: String(port),
      ...(projects === undefined ? {} : { [LABELS.projects]: projects }),
    },
    extraHosts: facts.startsSandboxes ? ["host.docker.internal:host-gateway"] : [],
    ...(facts.startsSandboxes
      ? { socket: { source: machine.socket, target: "/var/run/docker.sock" } }
      : {}),
    tmpfs: {},
    ...own,
    publish: own.addresses.map((address) => ({ address, port, inside: facts.port })),
    folders: [
      { source: stateFolder(generation, machine), target: facts.stateInside },
      ...own.folders,
    ],
  };
}

/** The folder of this generation's state in the person's home. */
export function stateFolder(
  generation: Generation,
  { os, home }: Pick<MachineFacts, "os" | "home">,
): string {
  return rules(os).join(home, factsOf(generation).stateFolder);
}

function projectsOf({ generation, projects }: Wish, { os, home }: MachineFacts) {
  return projects ?? (generation === "canvas" ? rules(os).join(home, "projects") : undefined);
}

function rules(os: Host["os"]): typeof posix {
  return os === "windows" ? win32 : posix;
}

interface OwnFacts extends MachineFacts {
  readonly port: number;
  readonly projects: string | undefined;
}

/** What is the generation's alone. */
interface Own extends Partial<Pick<RunSpec, "envFile" | "user" | "tmpfs">> {
  /** The host's addresses it is published on: never all of them. */
  readonly addresses: readonly string[];
  readonly env: RunSpec["env"];
  readonly folders: readonly Mount[];
}

const LOOPBACK = "127.0.0.1";

/** On Linux a container reaches ports of the host at the bridge's gateway; at Docker Desktop those of its loopback. */
function reachableFromContainers({ docker, gateway }: MachineFacts): string {
  return docker === "engine" ? gateway : LOOPBACK;
}

const OWN: Readonly<Record<Generation, (facts: OwnFacts) => Own>> = {
  /** openhands/runtime/impl/docker: sandbox ports are published where SANDBOX_RUNTIME_BINDING_ADDRESS says, 0.0.0.0 unless told. */
  "0.36": (facts) => ({
    addresses: [LOOPBACK],
    env: {
      SANDBOX_RUNTIME_CONTAINER_IMAGE: "docker.all-hands.dev/all-hands-ai/runtime:0.36-nikolaik",
      SANDBOX_RUNTIME_BINDING_ADDRESS: reachableFromContainers(facts),
      SANDBOX_CLOSE_DELAY: "300", // seconds; the default of 15 ends a sandbox while the door restarts
      LOG_ALL_EVENTS: "true",
      ...(facts.projects === undefined ? {} : { WORKSPACE_MOUNT_PATH: facts.projects }),
    },
    folders:
      facts.projects === undefined
        ? []
        : [{ source: facts.projects, target: "/opt/workspace_base" }],
  }),
  /** app_server/sandbox/docker_sandbox_service.py: sandboxes call the app at host.docker.internal:SANDBOX_HOST_PORT. */
  "1": (facts) => ({
    addresses: [...new Set([LOOPBACK, reachableFromContainers(facts)])],
    env: {
      AGENT_SERVER_IMAGE_REPOSITORY: "ghcr.io/openhands/agent-server",
      AGENT_SERVER_IMAGE_TAG: "1.26.0-python",
      LOG_ALL_EVENTS: "true",
      OH_WEB_URL: facts.doorUrl,
      ...(facts.port === factsOf("1").port ? {} : { SANDBOX_HOST_PORT: String(facts.port) }),
      ...(facts.projects === undefined
        ? {}
        : { SANDBOX_VOLUMES: `${facts.projects}:/workspace:rw` }),
    },
    folders: [], // SANDBOX_VOLUMES is read by this machine's Docker, not inside the app's container
  }),
  /**
   * docker/entrypoint.sh. The page carries the key for whoever may open it (issue 16879); published on loopback with
   * sign-in in front that is the household, and newer versions want to be told so.
   */
  canvas: ({ projects, keyFile, user }) => ({
    addresses: [LOOPBACK],
    env: {
      AGENT_CANVAS_ALLOW_LAN_SESSION_KEY: "true",
      ...(user === undefined ? {} : { HOME: CANVAS_HOME }),
    },
    envFile: keyFile,
    folders: projects === undefined ? [] : [{ source: projects, target: "/projects" }],
    ...(user === undefined ? {} : { user, tmpfs: { [CANVAS_HOME]: tmpfsOf(user) } }),
  }),
};

const CANVAS_HOME = "/home/openhands";

/**
 * Canvas' image has a user of its own (10001) who may not write into a person's folder (issue 16511), and a home that
 * nobody else may enter; so it runs as the folder's owner, with a home in memory around it (agent-canvas PR 443).
 */
function tmpfsOf(user: string): string {
  const [uid, gid] = user.split(":");
  return `exec,mode=0700,uid=${uid},gid=${gid}`;
}
