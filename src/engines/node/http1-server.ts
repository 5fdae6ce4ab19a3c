/*
 * Node's HTTP/1.1 server with the door's limits in force and its refusals in place. It never listens:
 * sockets are handed to it. Used by the secure port and by the plain one.
 */
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { codeOf } from "../../kernel/errors.ts";
import type { Limits } from "./limits.ts";
import { refuseRaw } from "./raw-refusal.ts";

/**
 * What was said on a socket when its requests stop making sense. `answering`: the head of an answer is out, and
 * whatever is said now would be taken for a part of it. `refused`: a last answer is on its way whole, and the end
 * of the connection behind it.
 */
type Said = "nothing" | "answering" | "refused";

export function createHttp1Server(limits: Limits, saidOn: (socket: Duplex) => Said): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerDeadline,
    // A long upload is no attack; silence within one is, and body-watch.ts sees to that.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveIdle,
    connectionsCheckingInterval: limits.sweep,
    insecureHTTPParser: false,
    // identify.ts says what is wrong with a missing Host, in the door's own words.
    requireHostHeader: false,
  });
  const open = new Set<Socket>();
  sockets.set(server, open);
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  // Beyond a number Node would drop fields in silence: identify.ts refuses them instead.
  server.maxHeadersCount = 0;
  // Node starts to look after its deadlines when a server listens, and this one never does.
  server.emit("listening");
  server.on("clientError", (error: Error, socket: Duplex) => {
    const said = saidOn(socket);
    if (said === "answering") socket.destroy();
    if (said === "nothing") refuseRaw(socket, refusalOf(error), limits.linger);
  });
  server.on("connect", (_request, socket: Duplex) => {
    refuseRaw(socket, { status: 405, code: "DOOR_METHOD_REFUSED" }, limits.linger);
  });
  return server;
}

const sockets = new WeakMap<Server, Set<Socket>>();

/** Hands a connected socket to the server. */
export function serveSocket(server: Server, socket: Socket): void {
  server.emit("connection", socket);
}

/** Ends what waits for a first or a next request, and the watch over deadlines. */
export function endServer(server: Server): void {
  // It never listened, so closing it reports just that; its idle connections are ended before.
  server.close(() => undefined);
  // Node takes one that never asked anything (a browser's preconnect) for one whose request is coming.
  for (const socket of sockets.get(server) ?? []) endUnlessAsked(socket);
}

/** Ends a connection on which nobody has asked anything yet. */
export function endUnlessAsked(socket: Socket): void {
  if (socket.bytesRead === 0) socket.destroySoon();
}

const TOO_LARGE: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const CODES: Record<number, string> = {
  408: "DOOR_REQUEST_TIMEOUT",
  413: "DOOR_REQUEST_TOO_LARGE",
  431: "DOOR_HEADERS_TOO_LARGE",
};

function refusalOf(error: Error): { status: number; code: string } {
  const status = TOO_LARGE[codeOf(error) ?? ""] ?? 400;
  return { status, code: CODES[status] ?? "DOOR_BAD_REQUEST" };
}
