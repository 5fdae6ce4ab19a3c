/*
 * What the built-in engine alone can do, without its ports: WebSockets, and answers that name ports of sandboxes. For
 * an engine beside it that has ended TLS already and passes such requests on over a socket of this machine. They
 * walk the same steps as everybody's.
 */
import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { parseAuthority } from "../../model/hostname.ts";
import { match } from "../../model/match.ts";
import type { Plan } from "../../model/plan.ts";
import type { WebSocketRelay } from "../needs.ts";
import type { Connection } from "./connection.ts";
import { adopt, createDoor, type DoorWiring } from "./create-door.ts";
import { type Arrival, createExchange } from "./exchange.ts";
import { badRequest, type Refusal } from "./failure.ts";
import { valuesOf } from "./fields.ts";
import { createHttp1 } from "./http1.ts";
import { LIMITS } from "./limits.ts";
import { refuse, walk } from "./steps.ts";
import type { RawHeaders } from "./upstream/upstream.ts";

/** Bytes for what the other engine writes beside the visitor's own fields. */
const EXTRA_HEAD = 1024;

export function createWebSocketRelay(wiring: DoorWiring): WebSocketRelay {
  const limits = { ...LIMITS, headerBytes: LIMITS.headerBytes + EXTRA_HEAD };
  const door = createDoor(wiring, limits);
  const secrets = new WeakMap<Socket, string>();
  const open = new Set<Socket>();
  const answering = new Set<Socket>();
  let isOpen = true;
  const http1 = createHttp1(limits, (arrival) => {
    const exchange = createExchange(asVisitors(arrival));
    const { socket } = arrival.connection;
    const refusal = whyNot(arrival, secrets.get(socket) ?? "", door.plan);
    if (arrival.asks === "answer") {
      answering.add(socket);
      arrival.visitor.onOver(() => answering.delete(socket));
    }
    if (refusal) refuse(exchange, door, refusal);
    else walk(exchange, door);
  });
  return {
    serve(socket, secret) {
      socket.on("error", () => undefined); // told by close
      if (!isOpen) return void socket.destroy();
      secrets.set(socket, secret);
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      http1.serve(socket, connectionOver(socket));
    },
    follow: (plan) => adopt(door, plan),
    prune: () => door.tunnels.keepOnly(namesIn(door.plan)),
    of: (app) => ({
      requests: door.traffic.of(app).requests,
      webSockets: door.tunnels.count(app),
    }),
    stop() {
      isOpen = false;
      door.tunnels.keepOnly(new Set());
      // Those of the door's own pages, too. Answers may end: the other engine has its patience with them.
      for (const socket of open) if (!answering.has(socket)) socket.end();
      door.bodyWatch.stop();
      http1.drain();
    },
  };
}

/** The arrival with its visitor's address, which the socket does not know. */
function asVisitors(arrival: Arrival): Arrival {
  const [address = "unknown"] = valuesOf(arrival.headers, "x-genkan-address");
  return { ...arrival, connection: { ...arrival.connection, address } };
}

function whyNot({ asks, headers }: Arrival, secret: string, plan: Plan): Refusal | undefined {
  const [said = ""] = valuesOf(headers, "x-genkan-secret");
  if (!isSame(said, secret)) return badRequest("it does not come from the door's own engine");
  if (asks === "websocket" || hasSandboxes(headers, plan)) return undefined;
  return badRequest("only WebSockets are carried here, and answers that may name sandboxes");
}

/** Which of its answers name sandboxes the other engine has asked, with a pattern of its own. */
function hasSandboxes(headers: RawHeaders, plan: Plan): boolean {
  const authority = parseAuthority(valuesOf(headers, "host")[0] ?? "");
  const route = authority && match(plan, authority.host);
  return route?.kind === "app" && route.app.sandboxes !== undefined;
}

function isSame(one: string, other: string): boolean {
  return (
    other !== "" &&
    one.length === other.length &&
    timingSafeEqual(Buffer.from(one), Buffer.from(other))
  );
}

function connectionOver(socket: Socket): Connection {
  const connection: Connection = {
    address: "unknown",
    serverName: undefined, // the other engine has compared it with the host
    socket,
    reset: () => void socket.destroy(),
    visitors: new Set(),
  };
  socket.on("close", () => {
    for (const visitor of connection.visitors) visitor.connectionGone();
  });
  return connection;
}

function namesIn({ apps }: Plan): ReadonlySet<string> {
  return new Set(apps.map(({ name }) => name));
}
