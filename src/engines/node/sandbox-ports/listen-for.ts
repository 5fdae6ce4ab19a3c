/*
 * Sockets for one sandbox: the same number on every address of the door, the sandbox's own where that is free.
 */
import type { Server, Socket } from "node:net";
import { codeOf } from "../../../kernel/errors.ts";
import { accepts } from "../../../platform/accepts.ts";
import type { ListenSpec } from "../../engine.ts";
import type { SandboxPlace } from "../../needs.ts";
import { createListener, listenAt, type ListenerWiring } from "../listener.ts";

export interface Listener {
  readonly port: number;
  /** Takes no new connections. */
  stopListening(): void;
  /** Takes no new connections, and ends those there are. */
  close(): void;
}

/**
 * Where the sandbox's own number is taken: beyond the numbers systems give out by themselves (32768 to 60999 on
 * Linux), so that no sandbox that is started later wants one of them.
 */
const OTHERS = { from: 61_000, to: 61_999 };
/** Others that are tried; so many in a row are taken only where all are, or none may be had. */
const TRIES = 50;
/** Milliseconds a place has to take a connection: the visitor waits for its answer meanwhile. */
const PATIENCE = 100;
/** Below it ports are for the system. */
const LOWEST = 1024;

/** @throws the system's own error where no port can be had */
export async function listenFor(
  { upstream }: Pick<SandboxPlace, "upstream">,
  { listen, limits, log }: ListenerWiring & { readonly listen: ListenSpec },
  onSocket: (socket: Socket) => void,
): Promise<Listener> {
  const open = new Set<Socket>();
  const take = (socket: Socket): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    onSocket(socket);
  };
  // Whoever is not there yet will want this number, and must find it free.
  const own = (await accepts(upstream.host, upstream.port, PATIENCE)) ? [upstream.port] : [];
  const { port, servers } = await firstFree(candidates(upstream.port, own), {
    listen,
    limits,
    log,
    take,
  });
  const stopListening = (): void => {
    for (const server of servers) server.close();
  };
  return {
    port,
    stopListening,
    close() {
      stopListening();
      for (const socket of open) socket.destroy();
    },
  };
}

function candidates(from: number, own: readonly number[]): number[] {
  const span = OTHERS.to - OTHERS.from + 1;
  // From a place of its own on, so that a sandbox mostly gets the same again.
  const others = Array.from({ length: TRIES }, (_, i) => OTHERS.from + ((from + i) % span));
  return [...own.filter((port) => port >= LOWEST), ...others];
}

interface Listening extends ListenerWiring {
  readonly listen: ListenSpec;
  readonly take: (socket: Socket) => void;
}

async function firstFree(
  ports: readonly number[],
  listening: Listening,
): Promise<{ port: number; servers: readonly Server[] }> {
  let last: unknown;
  for (const port of ports) {
    try {
      return { port, servers: await listenEverywhere(port, listening) };
    } catch (thrown) {
      if (codeOf(thrown) !== "EADDRINUSE" && codeOf(thrown) !== "EACCES") throw thrown;
      last = thrown;
    }
  }
  throw last;
}

/** All addresses or none. */
async function listenEverywhere(
  port: number,
  { listen, take, ...wiring }: Listening,
): Promise<Server[]> {
  const servers: Server[] = [];
  try {
    for (const address of listen.addresses) {
      const server = createListener(wiring, take);
      servers.push(server);
      await listenAt(server, { address, port, listen });
    }
  } catch (thrown) {
    for (const server of servers) server.close();
    throw thrown;
  }
  return servers;
}
