/*
 * Which ports of OpenHands' sandboxes other devices reach around the door, and how to end that. Called by checks.ts.
 * Pure. Sources: V0:openhands/core/config/sandbox_config.py (runtime_binding_address, 0.0.0.0 unless set);
 * V1dev:docker_sandbox_service.py publishes on every address, and no setting changes that.
 */
import type { Fix } from "../../kernel/check.ts";
import type { Generation, SandboxKind } from "./place.ts";

export interface Around {
  /** Ports of this machine on which others listen. */
  readonly listening: () => Promise<readonly ListeningAt[]>;
  /** Loopback and the bridges of containers: no device of the household is there. */
  readonly isInside: (address: string) => boolean;
  /** The app's generation, where it is known. */
  readonly generation: Generation | undefined;
  /** The gateway of Docker's own bridge; undefined where there is none. */
  readonly gateway: string | undefined;
  /** The interface that leads to the household: `eth0`. */
  readonly lanInterface: string | undefined;
}

export interface ListeningAt {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Undefined where it belongs to another user. */
  readonly program: string | undefined;
}

/** A port that others reach, and what is there. */
export interface WidePort {
  readonly port: number;
  readonly what: string;
}

const WHAT: Readonly<Record<SandboxKind, string>> = {
  "agent-server": "its agent-server",
  editor: "its editor",
  app: "what the agent serves",
};

/**
 * V0:docker_runtime.py EXECUTION_SERVER_PORT_RANGE: it runs what it is told, and asks nobody who they are. No answer
 * names it, so it is looked for where the door knows of 0.36: Docker's proxy holds its port, as root.
 */
const ACTIONS_036 = { from: 30_000, to: 39_999 } as const;
const DOCKER_PROXY = /^docker-pr/;

export function aroundPorts(
  open: readonly { readonly port: number; readonly kind: SandboxKind }[],
  listening: readonly ListeningAt[],
  { isInside, generation }: Pick<Around, "isInside" | "generation">,
): readonly WidePort[] {
  const wide = listening.filter(({ addresses }) => !addresses.every(isInside));
  const kinds = new Map(open.map(({ port, kind }) => [port, WHAT[kind]]));
  return wide.flatMap(({ port, program }) => {
    const what = kinds.get(port) ?? (isActions(port, program, generation) && ACTIONS);
    return what ? [{ port, what }] : [];
  });
}

const ACTIONS = "a sandbox's action server: whoever reaches it runs commands there";

function isActions(
  port: number,
  program: string | undefined,
  generation: Generation | undefined,
): boolean {
  const isItsRange = port >= ACTIONS_036.from && port <= ACTIONS_036.to;
  const isDockers = program === undefined || DOCKER_PROXY.test(program);
  return generation === "0.36" && isItsRange && isDockers;
}

/** What ends it, exactly. */
export function aroundFix(
  app: string,
  { generation, gateway, lanInterface }: Pick<Around, "generation" | "gateway" | "lanInterface">,
): Fix {
  if (generation === "0.36") {
    const address = gateway ?? "127.0.0.1";
    return {
      says: `Start ${app} again with one more setting, and begin new conversations: -e SANDBOX_RUNTIME_BINDING_ADDRESS=${address}${gateway === undefined ? "" : " (with Docker Desktop: 127.0.0.1)"}`,
    };
  }
  return {
    says: `No setting of ${app} changes where Docker publishes them. Let Docker's own firewall chain drop what comes from the household (until the next boot; or set "ip": "${gateway ?? "127.0.0.1"}" in /etc/docker/daemon.json for everything Docker publishes, and restart Docker)`,
    command: dropRule(lanInterface ?? "eth0"),
  };
}

/**
 * https://docs.docker.com/engine/network/packet-filtering-firewalls/: DOCKER-USER is asked before Docker's own rules,
 * and after the port was translated: iptables-extensions(8), conntrack, --ctorigdstport is the one on this machine.
 */
function dropRule(lanInterface: string): string {
  return `sudo iptables -I DOCKER-USER -i ${lanInterface} -p tcp -m conntrack --ctstate NEW --ctdir ORIGINAL --ctorigdstport 32768:60999 -j DROP`;
}
