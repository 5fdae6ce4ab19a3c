/*
 * One socket of the door: how it takes connections, and where. Called for the door's own ports and for sandboxes'.
 */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "../../kernel/log.ts";
import type { ListenSpec } from "../engine.ts";
import type { Limits } from "./limits.ts";

export type OnSocket = (socket: Socket) => void;

export interface ListenerWiring {
  readonly limits: Limits;
  readonly log: Log;
}

export function createListener({ limits, log }: ListenerWiring, onSocket: OnSocket): Server {
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: limits.tcpKeepAlive },
    onSocket,
  );
  // Once it listens, an error is an accept that failed (EMFILE): the next one may succeed.
  server.on("listening", () => {
    server.on("error", (why) => log.warn("connection.not-accepted", { why }));
  });
  return server;
}

export interface Where {
  readonly address: string;
  readonly port: number;
  /** All addresses of the door. */
  readonly listen: Pick<ListenSpec, "addresses">;
}

/** @throws the system's own error */
export async function listenAt(server: Server, { address, port, listen }: Where): Promise<void> {
  // `::` takes IPv4 as well, unless somebody else of us does.
  const ipv6Only = listen.addresses.includes("0.0.0.0");
  server.listen({ host: address, port, ipv6Only });
  await once(server, "listening");
}
