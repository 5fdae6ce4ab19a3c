/*
 * One port for everything over TLS: takes TCP sockets, picks the certificate, and hands each connection
 * to HTTP/2 or HTTP/1.1 as the two sides agreed (ALPN, RFC 7301).
 */
import type { Socket } from "node:net";
import { createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Certificates } from "./certificates.ts";
import { type Connection, createConnection, endsOf } from "./connection.ts";
import type { Limits } from "./limits.ts";
import type { TlsOptions } from "./tls-options.ts";

export interface SecurePortWiring {
  readonly certificates: Certificates;
  readonly tls: TlsOptions;
  readonly http1: Speaks;
  readonly http2: Speaks;
  readonly limits: Limits;
  readonly log: Log;
}

interface Speaks {
  serve(socket: TLSSocket, connection: Connection): void;
}

/** Gives the function that takes an accepted socket. */
export function createSecurePort(wiring: SecurePortWiring): (raw: Socket) => void {
  const { limits, log } = wiring;
  const server = createServer({
    ...wiring.tls.current(),
    ALPNProtocols: ["h2", "http/1.1"],
    handshakeTimeout: limits.handshakeDeadline,
    SNICallback: (name, done) => void pickContext(wiring, name, done),
  });
  server.on("tlsClientError", (why, socket) => {
    log.debug("handshake.failed", { why, address: socket.remoteAddress });
    socket.destroy();
  });
  const raws = new Map<string, Socket>();
  server.on("secureConnection", (socket) => {
    const raw = raws.get(endsOf(socket));
    if (raw) greet(socket, raw, wiring);
    else socket.destroy(); // gone within its handshake
  });
  return (raw) => {
    const ends = endsOf(raw);
    raws.set(ends, raw);
    raw.on("close", () => raws.delete(ends));
    void admit(server, raw, wiring);
  };
}

/** Without SNI Node asks nobody, so the default context is made right before the handshake begins. Never rejects. */
async function admit(
  server: Server,
  raw: Socket,
  { certificates, limits }: SecurePortWiring,
): Promise<void> {
  raw.setTimeout(limits.handshakeDeadline, () => raw.destroy());
  await certificates.refreshDefault((options) => server.setSecureContext(options));
  raw.setTimeout(0);
  if (!raw.destroyed) server.emit("connection", raw);
}

type PickDone = (error: Error | null, context?: SecureContext) => void;

async function pickContext(
  { certificates, log }: SecurePortWiring,
  name: string,
  done: PickDone,
): Promise<void> {
  let context;
  try {
    context = await certificates.contextFor(name);
  } catch (thrown) {
    log.error("leaf.unavailable", { name, why: messageOf(thrown) });
    done(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
    return;
  }
  done(null, context);
}

function greet(socket: TLSSocket, raw: Socket, { http1, http2, log }: SecurePortWiring): void {
  socket.on("error", (why) => log.debug("connection.broken", { why }));
  const speaks = socket.alpnProtocol === "h2" ? http2 : http1;
  speaks.serve(socket, createConnection(socket, raw));
}
