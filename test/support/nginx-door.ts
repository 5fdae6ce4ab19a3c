import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ListenSpec } from "../../src/engines/engine.ts";
import type { AnswerRewriter, Gate, LeafSource, Pages, Problem } from "../../src/engines/needs.ts";
import { createNginxEngine } from "../../src/engines/nginx/engine.ts";
import { findNginx } from "../../src/engines/nginx/find.ts";
import type { NginxLimits } from "../../src/engines/nginx/limits.ts";
import { createWebSocketRelay } from "../../src/engines/node/relay.ts";
import { createUpstreamClient } from "../../src/engines/node/upstream/client.ts";
import { type Clock, systemClock } from "../../src/kernel/clock.ts";
import { createLog, type LogEntry } from "../../src/kernel/log.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Upstream } from "../../src/model/target.ts";
import { detectHost } from "../../src/platform/host.ts";
import { runProgram, startProgram } from "../../src/platform/run.ts";
import { pagesNoting, planOf, type Terms, type TestDoor, testAuthority, waysInto } from "./door.ts";
import { freePort } from "./genkan.ts";
import { CLOSED_GATE } from "./household.ts";
import { tempFolder, type Until } from "./temp.ts";

export interface NginxDoorOptions {
  readonly limits?: Partial<NginxLimits>;
  readonly leaves?: LeafSource;
  readonly clock?: Clock;
  readonly portal?: Pages["portal"];
  readonly gate?: Gate;
  readonly terms?: Terms;
  readonly rewriter?: AnswerRewriter | undefined;
  readonly instance?: string;
  readonly trustedRoots?: readonly string[];
  readonly listen?: ListenSpec;
  /** Instead of one made from the apps. */
  readonly plan?: Plan;
  /** The engine's folder; a temporary one unless told. */
  readonly dir?: string;
  readonly until?: Until;
}

/** openDoor of door.ts, with this machine's nginx as the engine. `dir` is the engine's folder. */
export async function openNginxDoor(
  apps: Readonly<Record<string, Upstream | number>>,
  options: NginxDoorOptions = {},
): Promise<TestDoor & { readonly dir: string }> {
  const {
    limits,
    portal,
    gate = CLOSED_GATE,
    terms,
    rewriter,
    plan = planOf(apps, terms),
    until = onTestFinished,
    dir = join(tempFolder(until), "nginx"),
    ...choices
  } = options;
  const ca = await testAuthority();
  const log: LogEntry[] = [];
  const problems: Problem[] = [];
  const host = detectHost();
  const pages = pagesNoting(problems, portal);
  const noted = createLog(Date.now, (entry) => log.push(entry));
  const upstream = createUpstreamClient({ trustedRoots: options.trustedRoots ?? [] });
  until(() => upstream.stop());
  const { instance = "test" } = options;
  const engine = createNginxEngine({
    nginx: await findNginx(host, runProgram),
    dir,
    host,
    run: runProgram,
    start: startProgram,
    // nginx binds them itself, a moment later: by then one of the system's own choice could be taken.
    listen: {
      addresses: ["127.0.0.1"],
      httpsPort: await freePort(),
      httpPort: await freePort(),
    },
    pages,
    gate,
    relay: createWebSocketRelay({ pages, gate, upstream, log: noted, instance, rewriter }),
    log: noted,
    leaves: ca.leaves,
    clock: systemClock,
    trustedRoots: [],
    instance,
    ...choices,
    limits: { connections: 1000, ...limits },
  });
  until(() => engine.stop(0));
  await engine.apply(plan);
  return { dir, engine, log, problems, ...waysInto(engine, ca.caPem) };
}
