/*
 * The door's sockets: opens them all or none, says where they are, closes them. What happens on a
 * connection is nothing to it.
 */
import type { AddressInfo, Server, Socket } from "node:net";
import type { Log } from "../../kernel/log.ts";
import type { Listening, ListenSpec } from "../engine.ts";
import type { Limits } from "./limits.ts";
import { createListener, listenAt, type OnSocket } from "./listener.ts";

export interface Listeners {
  readonly listening: readonly Listening[];
  /** Takes no new connections; those there are stay. */
  close(): void;
}

export interface ListenersWiring {
  readonly listen: ListenSpec;
  readonly limits: Limits;
  readonly log: Log;
  readonly onSecure: (socket: Socket) => void;
  /** @param httpsPort where the secure port of the same address is. */
  readonly onPlain: (socket: Socket, httpsPort: number) => void;
}

/**
 * Opens the secure and the plain port of every address.
 * @throws the system's own error (EADDRINUSE, EACCES, EADDRNOTAVAIL, with `address` and `port`) for the first
 *   that cannot be opened; none is open then.
 */
export async function openListeners(wiring: ListenersWiring): Promise<Listeners> {
  const { listen, onSecure, onPlain } = wiring;
  const servers: Server[] = [];
  const listening: Listening[] = [];
  async function open(address: string, port: number, onSocket: OnSocket): Promise<number> {
    const server = createListener(wiring, onSocket);
    servers.push(server);
    await listenAt(server, { address, port, listen });
    return (server.address() as AddressInfo).port; // a listening TCP server has one
  }
  try {
    for (const address of listen.addresses) {
      const port = await open(address, listen.httpsPort, onSecure);
      listening.push({ address, port, secure: true });
      const plain = await open(address, listen.httpPort, (socket) => onPlain(socket, port));
      listening.push({ address, port: plain, secure: false });
    }
  } catch (thrown) {
    for (const server of servers) server.close();
    throw thrown;
  }
  return {
    listening,
    close() {
      for (const server of servers) server.close();
    },
  };
}
