/*
 * A WebSocket that says back what it hears, at /echo.
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { Log } from "../../kernel/log.ts";

/** Bytes of one message; longer ones end the connection with 1009. */
const LONGEST_MESSAGE = 64 * 1024;
const MOST_CLIENTS = 256;

export interface Echo {
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
  /** Ends every connection. */
  stop(): void;
}

export function createEcho(log: Log): Echo {
  const server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE });
  server.on("connection", (client) => {
    // A visitor who breaks the protocol or vanishes; ws has closed the connection already.
    client.on("error", (error) => log.debug("hello.echo-ended", { error }));
    client.on("message", (data, isBinary) => client.send(data, { binary: isBinary }));
  });
  return {
    upgrade(request, socket, head) {
      socket.on("error", (error) => log.debug("hello.socket-ended", { error }));
      const refusal = refusalOf(request, server.clients.size);
      if (refusal !== undefined) {
        socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      server.handleUpgrade(request, socket, head, (client) =>
        server.emit("connection", client, request),
      );
    },
    stop() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function refusalOf(request: IncomingMessage, clients: number): string | undefined {
  if ((request.url ?? "").split("?")[0] !== "/echo") return "404 Not Found";
  if (!isOwnOrigin(request)) return "403 Forbidden";
  return clients >= MOST_CLIENTS ? "503 Service Unavailable" : undefined;
}

/**
 * Any page may open a WebSocket to anywhere, so the app looks who asks (RFC 6455 section 10.2):
 * only its own pages do, by the name the door was asked for. Programs send no Origin.
 */
function isOwnOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin);
  const forwarded = headers["x-forwarded-host"];
  return [host, forwarded].some((own) => own === asked.host || own === asked.hostname);
}
