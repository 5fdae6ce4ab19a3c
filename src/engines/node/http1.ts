/*
 * HTTP/1.1 on the secure port: turns what Node's parser reports into arrivals. What an arrival means
 * is decided by the steps; here it is only said in one form.
 */
import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Connection } from "./connection.ts";
import type { Arrival, Protocol } from "./exchange.ts";
import { tokensOf } from "./fields.ts";
import { createHttp1Server, endServer, endUnlessAsked, serveSocket } from "./http1-server.ts";
import { attachResponse, Http1Visitor } from "./http1-visitor.ts";
import type { Limits } from "./limits.ts";

export interface Http1 {
  serve(socket: Socket, connection: Connection): void;
  /** Ends idle connections; answers under way close theirs. */
  drain(): void;
}

export function createHttp1(limits: Limits, onArrival: (arrival: Arrival) => void): Http1 {
  const connections = new WeakMap<object, Connection>();
  /** Connections with a request that may not end where it seems to: Node reads on, and what it finds was smuggled. */
  const ended = new WeakSet<object>();
  let isOpen = true;
  const server: Server = createHttp1Server(limits, (socket) => {
    if (ended.has(socket)) return "refused";
    const visitors = [...(connections.get(socket)?.visitors ?? [])];
    return visitors.some(({ status }) => status !== undefined) ? "answering" : "nothing";
  });

  function arrive(request: IncomingMessage, response: ServerResponse, more: More = {}): void {
    const connection = connections.get(request.socket);
    if (connection === undefined || ended.has(request.socket)) return;
    const onLast = (): void => void ended.add(request.socket);
    const settings = { connection, linger: limits.linger, isOpen: () => isOpen, onLast };
    const visitor = new Http1Visitor(request, response, settings);
    if (more.expectContinue) {
      // Whoever reads the content first wants it sent: the app said so, or was waited for long enough.
      request.once("resume", () => visitor.inform(CONTINUE));
    }
    const nodeForm = (): ReturnType<Arrival["nodeForm"]> => ({ request, response });
    onArrival(arrivalOf(request, more, { connection, visitor, nodeForm }));
  }
  server.on("request", (request, response) => arrive(request, response));
  server.on("checkContinue", (request, response) => {
    arrive(request, response, { expectContinue: true });
  });
  server.on("upgrade", (request, socket, head) => {
    // Sent before the answer to an earlier request: there is no telling whose bytes would be whose.
    if ((connections.get(request.socket)?.visitors.size ?? 1) > 0) {
      socket.destroy();
      return;
    }
    const response = new ServerResponse(request);
    attachResponse(response, request.socket);
    if (head.length > 0) socket.unshift(head);
    // Reading on is what tells that the visitor left; there is nothing to lose, the socket keeps what comes.
    socket.read(0);
    arrive(request, response, { isUpgrade: true });
  });
  return {
    serve(socket, connection) {
      connections.set(socket, connection);
      serveSocket(server, socket);
      if (!isOpen) endUnlessAsked(socket); // the door closed within its handshake
    },
    drain() {
      isOpen = false;
      endServer(server);
    },
  };
}

interface More {
  readonly expectContinue?: boolean;
  readonly isUpgrade?: boolean;
}

const PROTOCOLS: Record<string, Protocol> = { "1.0": "http/1.0", "1.1": "http/1.1" };
const CONTINUE = { status: 100, statusText: "Continue", headers: [] };

function arrivalOf(
  request: IncomingMessage,
  { expectContinue = false, isUpgrade = false }: More,
  { connection, visitor, nodeForm }: Pick<Arrival, "connection" | "visitor" | "nodeForm">,
): Arrival {
  const { rawHeaders, method = "", url = "" } = request;
  // Only WebSockets pass as upgrades. h2c and its like would leave the door without a view of what follows.
  const isWebSocket =
    isUpgrade && method === "GET" && tokensOf(rawHeaders, "upgrade").includes("websocket");
  return {
    protocol: PROTOCOLS[request.httpVersion] ?? "other",
    method,
    target: url,
    pseudoAuthority: undefined,
    headers: rawHeaders,
    asks: isWebSocket ? "websocket" : "answer",
    content: {
      stream: request,
      isAbsent: true,
      trailers: () => request.rawTrailers,
      expectContinue,
      // Node parses no content behind an upgrade.
      isUnreadable: isUpgrade,
    },
    connection,
    visitor,
    nodeForm,
  };
}
