/*
 * A registry of sandboxes over real listeners, an app whose answers it reads, and a clock whose looks a test asks for.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { onTestFinished } from "vitest";
import type { SandboxContainers } from "../../src/daemon/sandboxes/needs.ts";
import { createSandboxes, type Sandboxes } from "../../src/daemon/sandboxes/sandboxes.ts";
import { withSandboxes } from "../../src/daemon/sandboxes/with-sandboxes.ts";
import { createLog, type LogEntry } from "../../src/kernel/log.ts";
import { compile } from "../../src/model/compile.ts";
import type { Plan, PlannedApp } from "../../src/model/plan.ts";
import type { AppSettings } from "../../src/model/settings.ts";
import { parseTarget } from "../../src/model/target.ts";
import type { Interfaces } from "../../src/platform/network.ts";
import {
  type PlainOptions,
  type PlainSandboxPorts,
  plainSandboxPorts,
} from "./plain-sandbox-ports.ts";
import { freePortIn } from "../openhands/ports.ts";

export interface SandboxScene {
  readonly sandboxes: Sandboxes;
  readonly ports: PlainSandboxPorts;
  readonly log: readonly LogEntry[];
  readonly plan: Plan;
  /** What the app answers at a path, as a visitor of oh.local reads it; undefined where it stays as it was. */
  readonly answer: (path: string, body: unknown) => Promise<string | undefined>;
  readonly follow: (plan: Plan) => void;
  /** What is due every ten seconds. */
  readonly look: () => Promise<void>;
  /** Moves the clock, without a look. */
  readonly pass: (ms: number) => void;
}

export interface SceneOptions extends PlainOptions {
  readonly apps?: readonly Partial<AppSettings>[];
  readonly containers?: SandboxContainers;
  readonly interfaces?: () => Interfaces;
  readonly doorPort?: number;
}

export function sandboxScene(options: SceneOptions = {}): SandboxScene {
  const { containers, interfaces = networkInterfaces, doorPort = 8443, apps = [{}] } = options;
  const ports = plainSandboxPorts(options);
  const log: LogEntry[] = [];
  const due: (() => void)[] = [];
  let now = Date.now();
  const plan = sandboxPlan(...apps);
  let current = plan;
  const sandboxes = createSandboxes({
    ports,
    plan: () => current,
    containers,
    interfaces,
    listen: { addresses: ["127.0.0.1"], httpsPort: doorPort, httpPort: 8080 },
    clock: {
      now: () => now,
      every: (_ms, task) => {
        due.push(task);
        return () => undefined;
      },
    },
    log: createLog(Date.now, (entry) => log.push(entry)),
  });
  onTestFinished(() => sandboxes.stop());
  return {
    sandboxes,
    ports,
    log,
    plan,
    answer: async (path, body) => {
      const [app] = plan.apps;
      const content = Buffer.from(JSON.stringify(body));
      const asked = { path, host: "oh.local", port: doorPort };
      const anew = await sandboxes.rewriter.rewrite(app as PlannedApp, asked, content);
      return anew?.toString();
    },
    follow: (next) => {
      current = next;
      sandboxes.follow();
    },
    look: async () => {
      for (const task of due) task();
      await sandboxes.looked();
    },
    pass: (ms) => (now += ms),
  };
}

/** A plan of apps of OpenHands at port 3000 of this machine, unless told. */
export function sandboxPlan(...apps: readonly Partial<AppSettings>[]): Plan {
  const settings = apps.map((app): AppSettings => {
    const name = app.name ?? "oh";
    const base = { name, hosts: [], origins: [], access: "household", openPaths: [] } as const;
    return { ...base, upstream: parseTarget("3000"), preset: "openhands", ...app };
  });
  return withSandboxes(compile(settings, undefined), settings);
}

/** Something that listens in a range, at a number nobody has on 127.0.0.1; ended with the test. */
export async function sandboxAt(
  address = "127.0.0.1",
  range = { from: 40_000, to: 49_999 },
): Promise<{ port: number; end: () => Promise<void> }> {
  const port = await freePortIn(range, address);
  if (address === "127.0.0.1") return listenAt(address, port);
  // Whoever listens here would be found instead.
  const isFree = await listenAt("127.0.0.1", port).then(
    ({ end }) => end(),
    () => "taken",
  );
  return isFree === "taken" ? sandboxAt(address, range) : listenAt(address, port);
}

export async function listenAt(
  address: string,
  port: number,
): Promise<{ port: number; end: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy()).listen(port, address);
  await once(server, "listening");
  const end = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  onTestFinished(end);
  return { port, end };
}

/** What 0.36's `vscode-url` answers. */
export function editorAt(port: number, host = "localhost"): unknown {
  return { vscode_url: `http://${host}:${port}/?tkn=a&folder=/w` };
}

/** What 1.x says of a sandbox that has an agent-server alone. */
export function sandboxesAt(id: string, port: number, more: object = {}): unknown {
  return [
    { id, exposed_urls: [{ name: "AGENT_SERVER", url: `http://localhost:${port}` }], ...more },
  ];
}
