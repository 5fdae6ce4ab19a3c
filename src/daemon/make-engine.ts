/*
 * The engine the person chose, with what it needs. Called once by compose.ts.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Engine, ListenSpec } from "../engines/engine.ts";
import type { Gate, LeafSource, Pages } from "../engines/needs.ts";
import { createNginxEngine } from "../engines/nginx/engine.ts";
import { findNginx } from "../engines/nginx/find.ts";
import { createNodeEngine } from "../engines/node/engine.ts";
import { createWebSocketRelay } from "../engines/node/relay.ts";
import { createUpstreamClient } from "../engines/node/upstream/client.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Lifecycle } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import type { Settings } from "../model/settings.ts";
import type { Host } from "../platform/host.ts";
import type { Paths } from "../platform/paths.ts";
import { type Run, startProgram } from "../platform/run.ts";

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
  /** The authority's own root, PEM: https apps may be signed by it. */
  readonly root: string;
}

/** @throws NGINX_MISSING, NGINX_TOO_OLD, NGINX_LACKS_MODULE, NGINX_UNKNOWN where nginx was chosen. */
export async function makeEngine(spec: EngineSpec, parts: Lifecycle): Promise<Engine> {
  const { kind, host, paths, run, clock, log, root } = spec;
  const instance = randomBytes(8).toString("hex");
  const upstream = parts.add(
    "upstream",
    createUpstreamClient({ log, clock, trustedRoots: [root] }),
  );
  if (kind === "nginx") {
    return createNginxEngine({
      ...spec,
      nginx: await findNginx(host, run),
      dir: join(paths.state, "nginx"),
      start: startProgram,
      relay: createWebSocketRelay({ ...spec, upstream, instance }),
      trustedRoots: [root],
      instance,
    });
  }
  return createNodeEngine({ ...spec, upstream, instance });
}
