import { defineErrors } from "../../kernel/errors.ts";

interface AtPort {
  readonly app: string;
  readonly port: number;
}

/** Why a port of a sandbox that an app named is not open at the door; its URL then stays as the app said it. */
export const sandboxErrors = defineErrors({
  SANDBOX_PORT_OUT_OF_RANGE: {
    says: (p: AtPort & { kind: string }) =>
      `${p.app} named port ${p.port} for a sandbox (${p.kind}), and no sandbox of its generation has such a port. The door does not open it.`,
    fix: (p) =>
      `If a setting of ${p.app} chooses its sandboxes' ports, take it away. If you know of none, look at what ${p.app} runs: docker ps`,
  },
  SANDBOX_PORT_NOT_A_SANDBOX: {
    says: (p: AtPort) =>
      `${p.app} named port ${p.port} for a sandbox, where the door itself or another app listens. The door does not open it.`,
    fix: (p) => `Look at what ${p.app} runs, and restart it if you know of no reason: docker ps`,
  },
  SANDBOX_PORT_NOT_PUBLISHED: {
    says: (p: AtPort) =>
      `${p.app} named port ${p.port} for a sandbox, and none of the sandboxes Docker runs publishes it. The door does not open it.`,
    fix: () =>
      "See the ports of its sandboxes: docker ps --filter name=oh-agent-server- --filter name=openhands-runtime-",
  },
  SANDBOX_ELSEWHERE: {
    says: (p: AtPort & { host: string }) =>
      `${p.app} says that its sandboxes are at ${p.host} (port ${p.port}), which is not where it runs.`,
    fix: (p) =>
      `Start ${p.app} without SANDBOX_CONTAINER_URL_PATTERN and OH_SANDBOX_CONTAINER_URL_PATTERN: the door then finds its sandboxes by itself`,
  },
  SANDBOX_NAMES_NOT_CARRIED: {
    says: () =>
      "This door cannot give sandboxes names of their own yet (sandbox_origins: hosts); they have the app's name at further ports of the door.",
    fix: () => "Take sandbox_origins out of genkan.yaml",
  },
  SANDBOX_PORTS_TOO_MANY: {
    says: (p: { app: string; most: number }) =>
      `${p.app} named more than ${p.most} ports of sandboxes at a time. The door opens no more of them.`,
    fix: (p) => `Close conversations in ${p.app}, or restart it; see what is open: genkan status`,
  },
  SANDBOX_PORT_UNAVAILABLE: {
    says: (p: AtPort & { why: string }) =>
      `The door could not listen for the sandbox of ${p.app} at port ${p.port}: ${p.why}.`,
    fix: () =>
      "Let programs of this user listen on ports above 1024 (a container or a sandbox may forbid it), then load the page again. See more: genkan logs",
  },
});
