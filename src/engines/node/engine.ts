/*
 * The built-in engine: everything in this folder put together. daemon/compose.ts makes it; from then on
 * it follows plans. A new plan is one assignment, so no connection notices it.
 */
import type { Socket } from "node:net";
import type { Clock } from "../../kernel/clock.ts";
import type { Engine, ListenSpec } from "../engine.ts";
import type { LeafSource } from "../needs.ts";
import { createCertificates } from "./certificates.ts";
import { createDoor, type DoorWiring, follow } from "./create-door.ts";
import type { Door } from "./door.ts";
import { type Arrival, createExchange } from "./exchange.ts";
import { createGate } from "./gate.ts";
import { createHttp1 } from "./http1.ts";
import { createHttp2 } from "./http2.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { type Listeners, openListeners } from "./listeners.ts";
import { createPlainPort } from "./redirect.ts";
import { createSecurePort } from "./secure-port.ts";
import { walk } from "./steps.ts";
import { createTlsOptions } from "./tls-options.ts";

export interface NodeEngineWiring extends DoorWiring {
  readonly listen: ListenSpec;
  readonly leaves: LeafSource;
  readonly clock: Clock;
  /** Other numbers than LIMITS, for tests. */
  readonly limits?: Partial<Limits>;
}

export function createNodeEngine(wiring: NodeEngineWiring): Engine {
  const limits = { ...LIMITS, ...wiring.limits };
  const door = createDoor(wiring, limits);
  const ports = createPorts(wiring, limits, door);
  let listeners: Listeners | undefined;
  let opening: Promise<Listeners> | undefined;
  let stopping: Promise<void> | undefined;

  return {
    name: "node",
    async apply(plan) {
      opening ??= openListeners({ ...ports, listen: wiring.listen, limits, log: wiring.log });
      try {
        listeners = await opening;
      } catch (thrown) {
        opening = undefined;
        throw thrown;
      }
      follow(door, plan);
      ports.prune();
    },
    listening: () => listeners?.listening ?? [],
    traffic: () =>
      door.plan.apps.map(({ name }) => {
        return { app: name, ...door.traffic.of(name), webSockets: door.tunnels.count(name) };
      }),
    stop(graceMs) {
      stopping ??= stop(graceMs);
      return stopping;
    },
  };

  async function stop(graceMs: number): Promise<void> {
    listeners?.close();
    ports.drain();
    door.tunnels.keepOnly(new Set());
    await door.traffic.whenQuiet(graceMs);
    door.bodyWatch.stop();
    ports.end();
    await door.upstream.stop();
  }
}

function createPorts(wiring: NodeEngineWiring, limits: Limits, door: Door) {
  const { leaves, clock, log } = wiring;
  const isName = (host: string): boolean => door.plan.routes.has(host);
  const tls = createTlsOptions(clock);
  const certificates = createCertificates({ leaves, clock, log, tls, isName });
  const gate = createGate(limits, log);
  const onArrival = (arrival: Arrival): void => walk(createExchange(arrival), door);
  const http1 = createHttp1(limits, onArrival);
  const http2 = createHttp2({ limits, log, onArrival });
  const serveSecure = createSecurePort({ certificates, tls, http1, http2, limits, log });
  const plain = createPlainPort(limits, door);
  return {
    onSecure: (socket: Socket) => {
      if (gate.admit(socket)) serveSecure(socket);
    },
    onPlain: (socket: Socket, httpsPort: number) => {
      if (gate.admit(socket)) plain.serve(socket, httpsPort);
    },
    prune: () => certificates.prune(),
    drain() {
      gate.endSilent();
      http1.drain();
      http2.drain();
      plain.drain();
    },
    end() {
      tls.stop();
      gate.endAll();
    },
  };
}
