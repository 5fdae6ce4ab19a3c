/*
 * Ports of the door for sandboxes of apps: each has an origin of its own, the app's name at that port, with the app's
 * certificate and behind the same gate. Made by daemon/make-engine.ts beside whichever engine there is; what must stay
 * true: a port leads to the one place it was opened for, and to nothing once it is closed.
 */
import type { Socket } from "node:net";
import type { Clock } from "../../../kernel/clock.ts";
import type { ListenSpec } from "../../engine.ts";
import type { LeafSource, OpenSandboxPort, SandboxPlace, SandboxPorts } from "../../needs.ts";
import { createCertificates } from "../certificates.ts";
import { adopt, createDoor, type DoorWiring } from "../create-door.ts";
import type { Door } from "../door.ts";
import { type Arrival, createExchange } from "../exchange.ts";
import { createGate } from "../gate.ts";
import { createHttp1 } from "../http1.ts";
import { createHttp2 } from "../http2.ts";
import { LIMITS, type Limits } from "../limits.ts";
import { createSecurePort } from "../secure-port.ts";
import { walk } from "../steps.ts";
import { createTlsOptions } from "../tls-options.ts";
import { type Listener, listenFor } from "./listen-for.ts";
import { stepsAt } from "./steps-at.ts";

export interface SandboxPortsWiring extends DoorWiring {
  readonly listen: ListenSpec;
  readonly leaves: LeafSource;
  readonly clock: Clock;
  /** Other numbers than LIMITS, for tests. */
  readonly limits?: Partial<Limits>;
}

interface Open {
  readonly doorPort: number;
  readonly listener: Listener;
  /** The newest word on what it leads to. */
  place: SandboxPlace;
}

export function createSandboxPorts(wiring: SandboxPortsWiring): SandboxPorts {
  const limits = { ...LIMITS, ...wiring.limits };
  const door = createDoor(wiring, limits);
  const placeAt = (port: number): SandboxPlace | undefined => opened.at(port);
  const connections = connectionsOf(wiring, { limits, door, placeAt });
  const opened = createOpened({ ...wiring, limits }, connections.take);
  return {
    open: opened.open,
    close: opened.close,
    list: opened.list,
    follow(plan) {
      adopt(door, plan);
      const having = new Set(plan.apps.flatMap(({ name, sandboxes }) => (sandboxes ? name : [])));
      for (const { doorPort, place } of opened.list()) {
        if (!having.has(place.app)) opened.close(doorPort);
      }
      connections.prune();
    },
    async stop(graceMs) {
      opened.stopListening();
      connections.drain();
      door.tunnels.keepOnly(new Set());
      await door.traffic.whenQuiet(graceMs);
      door.bodyWatch.stop();
      for (const { doorPort } of opened.list()) opened.close(doorPort);
      connections.end();
    },
  };
}

/** What is open. Whoever asks for the same place at once gets the same port. */
function createOpened(
  wiring: SandboxPortsWiring & { readonly limits: Limits },
  take: (socket: Socket) => void,
) {
  const ports = new Map<number, Open>();
  const byPlace = new Map<string, Promise<Open>>();
  let isOver = false;

  async function openNew(place: SandboxPlace): Promise<Open> {
    const listener = await listenFor(place, wiring, take);
    const open = { doorPort: listener.port, listener, place };
    ports.set(open.doorPort, open);
    wiring.log.info("sandbox.opened", aboutPlace(open));
    return open;
  }
  const close = (doorPort: number): void => {
    const open = ports.get(doorPort);
    if (!open) return;
    ports.delete(doorPort);
    byPlace.delete(keyOf(open.place));
    open.listener.close();
    wiring.log.info("sandbox.closed", aboutPlace(open));
  };
  return {
    open: async (place: SandboxPlace): Promise<number> => {
      if (isOver) throw new Error("the door is closing");
      const key = keyOf(place);
      const pending = byPlace.get(key) ?? openNew(place);
      byPlace.set(key, pending);
      try {
        const open = await pending;
        open.place = place;
        if (isOver) close(open.doorPort);
        return open.doorPort;
      } catch (thrown) {
        byPlace.delete(key);
        throw thrown;
      }
    },
    close,
    at: (doorPort: number): SandboxPlace | undefined => ports.get(doorPort)?.place,
    list: () =>
      [...ports.values()].map(({ doorPort, place }): OpenSandboxPort => ({ doorPort, place })),
    stopListening(): void {
      isOver = true;
      for (const { listener } of ports.values()) listener.stopListening();
    },
  };
}

interface ConnectionsNeeds {
  readonly limits: Limits;
  readonly door: Door;
  readonly placeAt: (doorPort: number) => SandboxPlace | undefined;
}

/** What is spoken on the ports: as on the door's own. */
function connectionsOf(wiring: SandboxPortsWiring, { limits, door, placeAt }: ConnectionsNeeds) {
  const { leaves, clock, log, listen } = wiring;
  const isName = (host: string): boolean => door.plan.routes.get(host)?.kind === "app";
  const tls = createTlsOptions(clock);
  const certificates = createCertificates({ leaves, clock, log, tls, isName });
  const gate = createGate(limits, log);
  const onArrival = (arrival: Arrival): void => {
    const { socket } = arrival.connection;
    const place = placeAt(socket.localPort ?? 0);
    if (!place) return void socket.destroy(); // closed while it was being read
    const at = { place, doorPort: socket.localPort ?? 0, mainPort: listen.httpsPort };
    walk(createExchange(arrival), door, stepsAt(at));
  };
  const http1 = createHttp1(limits, onArrival);
  const http2 = createHttp2({ limits, log, onArrival });
  const serve = createSecurePort({ certificates, tls, http1, http2, limits, log });
  return {
    take: (socket: Socket): void => {
      if (gate.admit(socket)) serve(socket);
    },
    prune: () => certificates.prune(),
    drain() {
      gate.endSilent();
      http1.drain();
      http2.drain();
    },
    end() {
      tls.stop();
      gate.endAll();
    },
  };
}

function keyOf({ app, upstream }: SandboxPlace): string {
  return `${app} ${upstream.host} ${upstream.port}`;
}

function aboutPlace({ doorPort, place }: Open): Record<string, unknown> {
  const { app, kind, upstream } = place;
  return { app, kind, doorPort, at: `${upstream.host} ${upstream.port}` };
}
