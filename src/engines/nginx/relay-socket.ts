/*
 * Where nginx passes WebSocket handshakes on: a socket of this machine, behind which the relay takes each
 * connection. nginx keeps one open per WebSocket, also after it has followed a newer plan.
 */
import { once } from "node:events";
import { chmod, chown } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import type { WebSocketRelay } from "../needs.ts";

export interface RelaySocketWiring {
  readonly path: string;
  readonly secret: string;
  readonly relay: WebSocketRelay;
  /** Whom the socket belongs to, where that is not this user. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** A full queue is an error for nginx at once, not a wait: after a restart every page comes back. */
const BACKLOG = 4096;

/** Opens the socket. @throws the system's own error */
export async function openRelaySocket(wiring: RelaySocketWiring): Promise<Server> {
  const { path, secret, relay, owner } = wiring;
  const server = createServer((socket) => relay.serve(socket, secret));
  server.listen({ path, backlog: BACKLOG });
  await once(server, "listening");
  await chmod(path, 0o600);
  if (owner) await chown(path, owner.uid, owner.gid);
  return server;
}
