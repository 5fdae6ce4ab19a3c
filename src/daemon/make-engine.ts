/*
 * The engine the person chose, with what it needs, and beside it what is the same for every engine: the sandboxes of
 * its apps. Called once by compose.ts.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Engine, ListenSpec } from "../engines/engine.ts";
import type { AnswerRewriter, Gate, LeafSource, Pages, SandboxPorts } from "../engines/needs.ts";
import { createNginxEngine } from "../engines/nginx/engine.ts";
import { findNginx } from "../engines/nginx/find.ts";
import { createNodeEngine } from "../engines/node/engine.ts";
import { createSandboxPorts } from "../engines/node/sandbox-ports/sandbox-ports.ts";
import { createWebSocketRelay } from "../engines/node/relay.ts";
import { createUpstreamClient } from "../engines/node/upstream/client.ts";
import type { UpstreamClient } from "../engines/node/upstream/upstream.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Lifecycle } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import type { Plan } from "../model/plan.ts";
import type { Settings } from "../model/settings.ts";
import type { Host } from "../platform/host.ts";
import { recentInterfaces } from "../platform/network.ts";
import type { Paths } from "../platform/paths.ts";
import { type Run, startProgram } from "../platform/run.ts";
import type { SandboxContainers } from "./sandboxes/needs.ts";
import { createSandboxes, type Sandboxes } from "./sandboxes/sandboxes.ts";

export interface EngineSpec {
  readonly kind: Settings["engine"];
  readonly host: Host;
  readonly paths: Paths;
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
  readonly listen: ListenSpec;
  readonly leaves: LeafSource;
  readonly pages: Pages;
  readonly gate: Gate;
  /** The plan in force, or about to be; undefined before there is one. */
  readonly plan: () => Plan | undefined;
  /** The authority's own root, PEM: https apps may be signed by it. */
  readonly root: string;
  /** What Docker says of sandboxes; without it they are looked for on this machine. */
  readonly containers?: SandboxContainers | undefined;
}

/** What follows a plan, the engine first, and is stopped with the door. */
export interface MadeEngine {
  readonly engine: Engine;
  readonly sandboxes: Sandboxes;
  readonly ports: SandboxPorts;
}

/** @throws NGINX_MISSING, NGINX_TOO_OLD, NGINX_LACKS_MODULE, NGINX_UNKNOWN where nginx was chosen. */
export async function makeEngine(spec: EngineSpec, parts: Lifecycle): Promise<MadeEngine> {
  const { log, clock, root } = spec;
  const instance = randomBytes(8).toString("hex");
  const upstream = parts.add(
    "upstream",
    createUpstreamClient({ log, clock, trustedRoots: [root] }),
  );
  const ports = createSandboxPorts({ ...spec, upstream, instance });
  const plan = (): Plan => spec.plan() ?? NOTHING;
  const needs = { ...spec, ports, interfaces: recentInterfaces, plan };
  const sandboxes = parts.add("sandboxes", createSandboxes(needs));
  const { rewriter } = sandboxes;
  const engine = await chosenEngine(spec, { upstream, instance, rewriter });
  return { engine, sandboxes, ports };
}

const NOTHING: Plan = { apps: [], routes: new Map() };

interface EngineParts {
  readonly upstream: UpstreamClient;
  readonly instance: string;
  readonly rewriter: AnswerRewriter;
}

async function chosenEngine(spec: EngineSpec, engineParts: EngineParts): Promise<Engine> {
  const { kind, host, paths, run, root } = spec;
  if (kind === "node") return createNodeEngine({ ...spec, ...engineParts });
  return createNginxEngine({
    ...spec,
    ...engineParts,
    nginx: await findNginx(host, run),
    dir: join(paths.state, "nginx"),
    start: startProgram,
    relay: createWebSocketRelay({ ...spec, ...engineParts }),
    trustedRoots: [root],
  });
}
