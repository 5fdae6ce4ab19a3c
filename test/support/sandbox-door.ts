/*
 * Ports for sandboxes with a real gate before them and a real sandbox behind, whose app is `openhands.local`.
 */
import { onTestFinished } from "vitest";
import { request } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { SandboxPlace, SandboxPorts } from "../../src/engines/needs.ts";
import { createSandboxPorts } from "../../src/engines/node/sandbox-ports/sandbox-ports.ts";
import { createUpstreamClient } from "../../src/engines/node/upstream/client.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { createLog, type LogEntry } from "../../src/kernel/log.ts";
import type { AppAccess } from "../../src/model/admission.ts";
import { parseTarget } from "../../src/model/target.ts";
import { pagesNoting, planOf, testAuthority } from "./door.ts";
import { type Household, openHousehold } from "./household.ts";

/** The door's own port; nobody listens there. */
export const MAIN_PORT = 8443;
/** The origin of the app's page. */
export const PAGE = `https://openhands.local:${MAIN_PORT}`;
export const KEY = "k".repeat(43);

export interface SandboxDoor {
  readonly ports: SandboxPorts;
  readonly home: Household;
  readonly log: readonly LogEntry[];
  /** The root, for a client's `ca`. */
  readonly ca: string;
  /** The door's port for a sandbox at this one. */
  open(kind: SandboxPlace["kind"], port: number): Promise<number>;
  /** Asks at a port of the door. */
  ask(port: number, asked?: Asked): Promise<Answered>;
}

export interface Asked {
  readonly name?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function openSandboxDoor(access: AppAccess = "household"): Promise<SandboxDoor> {
  const { leaves, caPem: ca } = await testAuthority();
  const home = await openHousehold();
  const log: LogEntry[] = [];
  const ports = createSandboxPorts({
    listen: { addresses: ["127.0.0.1"], httpsPort: MAIN_PORT, httpPort: 8080 },
    leaves,
    pages: pagesNoting([], undefined),
    gate: home.gate,
    upstream: createUpstreamClient(),
    log: createLog(Date.now, (entry) => log.push(entry)),
    clock: systemClock,
    instance: "test",
    limits: { linger: 300, sweep: 50 },
  });
  onTestFinished(() => ports.stop(0));
  const sandboxes = { named: [], origins: "ports", cookies: [] } as const;
  ports.follow(planOf({ openhands: 3000, wiki: 3001 }, { access, sandboxes }));
  return {
    ports,
    home,
    log,
    ca,
    open: (kind, port) => {
      const upstream = parseTarget(`127.0.0.1:${port}`);
      return ports.open({ app: "openhands", kind, upstream, isKey: (text) => text === KEY });
    },
    ask: (port, asked = {}) => ask(ca, port, asked),
  };
}

function ask(
  ca: string,
  port: number,
  { name = "openhands.local", method = "GET", path = "/", headers = {} }: Asked,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const at = { host: "127.0.0.1", port, servername: name, ca, agent: false };
    const host = `${name}:${port}`;
    const outgoing = request({ ...at, method, path, headers: { host, ...headers } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    outgoing.on("error", reject).end();
  });
}
