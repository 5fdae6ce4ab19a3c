/*
 * nginx as the engine: its own process with a configuration made from the plan, tested before it takes
 * effect and taken over by a reload, so that no connection ends. daemon/compose.ts makes it.
 */
import { randomBytes } from "node:crypto";
import type { Server as PagesServer } from "node:http";
import type { Server } from "node:net";
import { availableParallelism } from "node:os";
import { rootCertificates } from "node:tls";
import type { Clock } from "../../kernel/clock.ts";
import { type GenkanError, messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Plan } from "../../model/plan.ts";
import { writeAtomic } from "../../platform/files.ts";
import type { Host } from "../../platform/host.ts";
import type { Run, StartProgram } from "../../platform/run.ts";
import type { AppTraffic, Engine, EngineTrouble, Listening, ListenSpec } from "../engine.ts";
import type { Gate, LeafSource, Pages, WebSocketRelay } from "../needs.ts";
import { type AccessLog, followAccessLog } from "./access-log.ts";
import { nginxErrors } from "./errors.ts";
import type { NginxFacts } from "./facts.ts";
import type { FoundNginx } from "./find.ts";
import { createGateMemory, type GateMemory } from "./gate-memory.ts";
import { createLeafFiles } from "./leaf-files.ts";
import { onLeash } from "./leash.ts";
import { sendAwayLeftBehind } from "./left-behind.ts";
import { NGINX_LIMITS, type NginxLimits } from "./limits.ts";
import { openPagesSocket } from "./pages-socket.ts";
import { listeningAt, tryPlaces } from "./places.ts";
import { keepShort } from "./error-log.ts";
import { openRelaySocket } from "./relay-socket.ts";
import { createPlanTester } from "./plan-tester.ts";
import { createProcess, type NginxProcess } from "./process.ts";
import { addressesFor } from "./resolve.ts";
import { chooseWorkers, makeFolders, removeRunFolder } from "./run-folder.ts";
import { without, withoutRefused } from "./try-config.ts";

export interface NginxEngineWiring {
  readonly nginx: FoundNginx;
  /** The engine's folder in the state. */
  readonly dir: string;
  readonly host: Host;
  readonly run: Run;
  readonly start: StartProgram;
  readonly listen: ListenSpec;
  readonly leaves: LeafSource;
  readonly pages: Pages;
  readonly gate: Gate;
  readonly relay: WebSocketRelay;
  readonly log: Log;
  readonly clock: Clock;
  /** Certificates (PEM) https apps may be signed by, besides Node's own roots. */
  readonly trustedRoots: readonly string[];
  /** Other numbers than NGINX_LIMITS, for tests. */
  readonly limits?: Partial<NginxLimits>;
  /** This door's own name among doors, a token (RFC 9110 section 5.6.2): by it a loop is found. */
  readonly instance: string;
}

/** Milliseconds between looks at certificates and at the names of apps' machines. */
const LOOK = 60_000;
/** Workers beyond these would be idle in any home, and each holds all certificates. */
const MOST_PROCESSES = 8;

export function createNginxEngine(wiring: NginxEngineWiring): Engine {
  return new NginxEngine(wiring);
}

class NginxEngine implements Engine {
  readonly name = "nginx";
  readonly #wiring: NginxEngineWiring;
  readonly #stopLooking: () => void;
  #opening: Promise<Parts> | undefined;
  #parts: Parts | undefined;
  #plan: Plan = { apps: [], routes: new Map() };
  /** What the daemon's answers go by: nginx asks by a new plan before it has said that it is in force. */
  #answering: Plan = this.#plan;
  #troubles: ReadonlyMap<string, GenkanError> = new Map();
  /** The addresses in force, as text. */
  #addresses = "";
  #queue: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(wiring: NginxEngineWiring) {
    this.#wiring = wiring;
    this.#stopLooking = wiring.clock.every(LOOK, () => {
      this.#inTurn(() => this.#look()).catch((thrown: unknown) =>
        wiring.log.error("nginx.not-renewed", { why: messageOf(thrown) }),
      );
    });
  }

  apply(plan: Plan): Promise<void> {
    return this.#inTurn(() => this.#follow(plan));
  }

  listening(): readonly Listening[] {
    return listeningAt(this.#parts?.facts.places ?? []);
  }

  traffic(): readonly AppTraffic[] {
    return this.#plan.apps.map(({ name }) => {
      const { requests, webSockets } = this.#wiring.relay.of(name);
      const answered = this.#parts?.access.requests(name) ?? 0;
      return { app: name, requests: answered + requests, active: undefined, webSockets };
    });
  }

  troubles(): readonly EngineTrouble[] {
    const own = this.#parts?.process.trouble();
    const apps = [...this.#troubles].map(([app, error]) => ({ app, error }));
    return own ? [...apps, { app: "", error: own }] : apps;
  }

  stop(graceMs: number): Promise<void> {
    this.#stopping ??= this.#end(graceMs);
    return this.#stopping;
  }

  /** One change at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined); // whoever asked hears of it
    return turn;
  }

  async #open(): Promise<Parts> {
    this.#opening ??= openParts(this.#wiring, (name) =>
      this.#answering.apps.find((known) => known.name === name),
    );
    try {
      return await this.#opening;
    } catch (thrown) {
      this.#opening = undefined;
      throw thrown;
    }
  }

  async #follow(plan: Plan): Promise<void> {
    if (this.#stopping) return;
    const parts = await this.#open();
    const leaves = await parts.leafFiles.update([...plan.routes.keys()]);
    const addresses = await addressesFor(plan);
    const bare = leafTroubles(plan, leaves.failed);
    const facts = { ...parts.facts, addresses, generation: parts.process.nextGeneration() };
    const tried = await withoutRefused(without(plan, bare), parts.tester(facts));
    await this.#take(plan, parts, () => parts.process.take(tried.plan, facts));
    this.#plan = plan;
    this.#parts = parts;
    this.#addresses = keyOf(addresses);
    this.#troubles = new Map([...bare, ...tried.troubles]);
    for (const [app, { code, message }] of this.#troubles) {
      this.#wiring.log.error("app.left-out", { app, code, why: message });
    }
  }

  /** Visitors may come by the new plan before nginx has said that it is in force. */
  async #take(plan: Plan, { memory }: Parts, byNginx: () => Promise<void>): Promise<void> {
    const { relay } = this.#wiring;
    const answerBy = (one: Plan): void => {
      this.#answering = one;
      relay.follow(one);
    };
    answerBy(plan);
    try {
      await byNginx();
    } catch (thrown) {
      answerBy(this.#plan);
      memory.forgetAll();
      throw thrown;
    }
    relay.prune();
  }

  /** Whether certificates were renewed, or an app's machine has moved. */
  async #look(): Promise<void> {
    if (!this.#parts || this.#stopping) return;
    await keepShort(this.#parts.facts.paths.errorLog);
    const { changed } = await this.#parts.leafFiles.update([...this.#plan.routes.keys()]);
    const hasMoved = keyOf(await addressesFor(this.#plan)) !== this.#addresses;
    if (changed || hasMoved) await this.#follow(this.#plan);
  }

  async #end(graceMs: number): Promise<void> {
    this.#stopLooking();
    await this.#queue;
    const parts = await this.#opening;
    if (!parts) return;
    const ended = parts.process.stop(graceMs);
    this.#wiring.relay.stop();
    await ended;
    await parts.access.stop();
    parts.memory.stop();
    await Promise.all([closed(parts.server), closed(parts.relayServer)]);
    await removeRunFolder(parts.facts.paths);
  }
}

interface Parts {
  readonly facts: Omit<NginxFacts, "addresses" | "generation">;
  readonly leafFiles: ReturnType<typeof createLeafFiles>;
  readonly server: PagesServer;
  readonly relayServer: Server;
  readonly access: AccessLog;
  readonly memory: GateMemory;
  readonly process: NginxProcess;
  readonly tester: ReturnType<typeof createPlanTester>;
}

async function openParts(
  wiring: NginxEngineWiring,
  app: Parameters<typeof openPagesSocket>[0]["app"],
): Promise<Parts> {
  const { dir, host, listen, nginx, run, log, clock } = wiring;
  const workers = await chooseWorkers(host);
  const hasLeaver = await sendAwayLeftBehind(`${dir}/nginx.pid`, run, log);
  const places = await tryPlaces(listen, hasLeaver);
  const paths = await makeFolders(dir, host.tmp, workers);
  const trusted = [...rootCertificates, ...wiring.trustedRoots];
  await writeAtomic(paths.trusted, trusted.map((pem) => `${pem.trim()}\n`).join(""));
  const leafFiles = createLeafFiles(`${dir}/leaves`, wiring.leaves);
  const facts = {
    version: nginx.version,
    paths,
    places,
    workers,
    processes: Math.min(availableParallelism(), MOST_PROCESSES),
    limits: { ...NGINX_LIMITS, ...wiring.limits },
    token: `genkan-${wiring.instance}`,
    secret: randomBytes(24).toString("hex"),
    leafFile: (name: string) => leafFiles.pathOf(name),
  };
  const memory = createGateMemory({ dir: paths.gate, clock, log });
  wiring.gate.onEnd(() => memory.forgetAll()); // for good: gate and door close together
  const owned = { secret: facts.secret, owner: workers };
  const server = await openPagesSocket({
    ...wiring,
    ...owned,
    path: paths.pagesSocket,
    memory,
    app,
    trusted,
  });
  const relayServer = await openRelaySocket({ ...wiring, ...owned, path: paths.relaySocket });
  const start = await onLeash(wiring.start, { host, run, log });
  const process = createProcess({ start, program: nginx.path, paths, log, clock });
  const access = followAccessLog({
    path: paths.accessLog,
    clock,
    log,
    onLost: () => process.reopenLogs(),
  });
  const tester = createPlanTester({ run, program: nginx.path, paths });
  return { facts, leafFiles, server, relayServer, access, memory, process, tester };
}

/** Apps with a name that has no certificate. */
function leafTroubles(plan: Plan, failed: ReadonlyMap<string, unknown>): Map<string, GenkanError> {
  const troubles = new Map<string, GenkanError>();
  for (const { name, hosts } of plan.apps) {
    const bare = hosts.find((host) => failed.has(host));
    if (bare === undefined) continue;
    const why = `${bare} has no certificate: ${messageOf(failed.get(bare))}`;
    troubles.set(name, nginxErrors.NGINX_REFUSED_APP({ app: name, why }));
  }
  return troubles;
}

function keyOf(addresses: ReadonlyMap<string, readonly string[]>): string {
  return JSON.stringify([...addresses]);
}

function closed(server: Server | PagesServer): Promise<void> {
  if ("closeAllConnections" in server) server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
