/*
 * The ports, tried before nginx gets them: who cannot have one hears of it as from the built-in engine, with
 * the system's own error, and a port of the system's choice (0) becomes a number.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { codeOf } from "../../kernel/errors.ts";
import type { Listening, ListenSpec } from "../engine.ts";
import type { Place } from "./facts.ts";
import { pause } from "./health.ts";

/** Milliseconds one who was told to leave has to let go of the ports, and between looks. */
const LEAVE = 5_000;
const PAUSE = 50;

/**
 * @param hasLeaver whether an nginx of an earlier door was just told to leave.
 * @throws EADDRINUSE, EACCES, EADDRNOTAVAIL, with `address` and `port`.
 */
export async function tryPlaces(listen: ListenSpec, hasLeaver: boolean): Promise<Place[]> {
  const until = performance.now() + (hasLeaver ? LEAVE : 0);
  for (;;) {
    try {
      return await tryOnce(listen);
    } catch (thrown) {
      if (codeOf(thrown) !== "EADDRINUSE" || performance.now() >= until) throw thrown;
      await pause(PAUSE);
    }
  }
}

async function tryOnce(listen: ListenSpec): Promise<Place[]> {
  const servers: Server[] = [];
  const ipv6Only = listen.addresses.includes("0.0.0.0");
  const open = async (host: string, port: number): Promise<number> => {
    const server = createServer().listen({ host, port, ipv6Only });
    servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port; // a listening TCP server has one
  };
  const places: Place[] = [];
  try {
    for (const address of listen.addresses) {
      const httpsPort = await open(address, listen.httpsPort);
      places.push({ address, httpsPort, httpPort: await open(address, listen.httpPort) });
    }
  } finally {
    await Promise.all(servers.map(closed));
  }
  return places;
}

export function listeningAt(places: readonly Place[]): Listening[] {
  return places.flatMap(({ address, httpsPort, httpPort }) => [
    { address, port: httpsPort, secure: true },
    { address, port: httpPort, secure: false },
  ]);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve())); // one that never listened says so, and is closed
}
