/*
 * HTTP/2 on the secure port: turns streams into arrivals, and holds sessions to their limits. node:http2
 * and nghttp2 refuse what is malformed; who resets too much or is silent too long is sent away here.
 */
import {
  constants,
  createServer,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Log } from "../../kernel/log.ts";
import type { Connection } from "./connection.ts";
import type { Arrival } from "./exchange.ts";
import { Http2Visitor } from "./http2-visitor.ts";
import type { Limits } from "./limits.ts";
import { createResetGuard } from "./reset-guard.ts";
import type { RawHeaders } from "./upstream/upstream.ts";

export interface Http2 {
  serve(socket: TLSSocket, connection: Connection): void;
  /** GOAWAY to all: no new streams, those under way end in peace. */
  drain(): void;
}

export interface Http2Wiring {
  readonly limits: Limits;
  readonly log: Log;
  readonly onArrival: (arrival: Arrival) => void;
}

export function createHttp2({ limits, log, onArrival }: Http2Wiring): Http2 {
  const sessions = new Set<ServerHttp2Session>();
  let arriving: Connection | undefined;
  const server = createHttp2Server(limits);
  server.on("sessionError", (why) => log.debug("session.broken", { why }));
  server.on("session", (session) => {
    const connection = arriving; // serve() emits, and this runs, in one go
    if (connection === undefined) return;
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.setLocalWindowSize(limits.sessionWindow);
    endWhenIdle(session, connection, limits);
    const guard = createResetGuard(limits, () => {
      if (session.destroyed) return; // its end resets what was open, and that counts too
      log.info("session.refused", { address: connection.address, why: "too many resets" });
      session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      session.destroy();
    });
    const onReset = (): void => guard.count();
    // The types leave out the last argument: flags, then the fields as they came.
    session.on("stream", (stream, headers, ...more: unknown[]) => {
      onArrival(
        arrivalOf(stream, { headers, raw: rawFrom(more, headers) }, { connection, onReset }),
      );
    });
  });
  return {
    serve(socket, connection) {
      arriving = connection;
      server.emit("connection", socket);
      arriving = undefined;
    },
    drain() {
      for (const session of sessions) session.close();
    },
  };
}

function createHttp2Server(limits: Limits): Http2Server {
  return createServer({
    maxHeaderListPairs: limits.headerListFields,
    settings: {
      enableConnectProtocol: true,
      enablePush: false,
      initialWindowSize: limits.streamWindow,
      maxConcurrentStreams: limits.streams,
      maxHeaderListSize: limits.headerListBytes,
    },
  });
}

/**
 * A session without streams ends; one with an open stream stays, however silent, as long as it answers: it may
 * be a WebSocket.
 */
function endWhenIdle(session: ServerHttp2Session, connection: Connection, limits: Limits): void {
  session.setTimeout(limits.keepAliveIdle, () => {
    if (connection.visitors.size > 0) {
      endWhenDeaf(session, connection, limits);
      return;
    }
    session.close();
    setTimeout(() => connection.socket.destroy(), limits.linger).unref();
  });
}

/**
 * Where frames broke the rules nghttp2 reads nothing any more, and Node tells nobody, not even that the visitor
 * left. Whoever is still there answers a ping (RFC 9113 section 6.7).
 */
function endWhenDeaf(session: ServerHttp2Session, connection: Connection, limits: Limits): void {
  const timer = setTimeout(() => connection.socket.destroy(), limits.headerDeadline);
  timer.unref();
  session.ping((error) => {
    if (!error) clearTimeout(timer);
  });
}

interface Head {
  readonly headers: IncomingHttpHeaders;
  readonly raw: RawHeaders;
}

function arrivalOf(
  stream: ServerHttp2Stream,
  head: Head,
  { connection, onReset }: { connection: Connection; onReset: () => void },
): Arrival {
  const { headers, raw } = head;
  const method = headers[":method"] ?? "";
  let trailers: RawHeaders = [];
  stream.on("trailers", (fields, ...more: unknown[]) => {
    trailers = rawFrom(more, fields);
  });
  const visitor = new Http2Visitor(stream, { method, connection, onReset });
  const expectContinue = headers.expect === "100-continue";
  if (expectContinue) {
    stream.once("resume", () => visitor.inform({ status: 100, statusText: "", headers: [] }));
  }
  return {
    protocol: "h2",
    method,
    target: headers[":path"] ?? "",
    pseudoAuthority: headers[":authority"],
    headers: withoutPseudo(raw),
    asks: asksFor(method, headers[":protocol"]),
    content: {
      stream,
      isAbsent: stream.endAfterHeaders,
      trailers: () => trailers,
      expectContinue,
      isUnreadable: false,
    },
    connection,
    visitor,
    nodeForm: () => ({
      request: new Http2ServerRequest(stream, headers, {}, raw),
      response: new Http2ServerResponse(stream),
    }),
  };
}

/** RFC 8441 section 4. */
function asksFor(method: string, protocol: string | string[] | undefined): Arrival["asks"] {
  if (protocol === undefined) return "answer";
  return method === "CONNECT" && protocol === "websocket" ? "websocket" : "tunnel";
}

/** Pseudo-header fields come first (RFC 9113 section 8.3). */
function withoutPseudo(raw: RawHeaders): RawHeaders {
  let from = 0;
  while (raw[from]?.startsWith(":")) from += 2;
  return raw.slice(from);
}

/** The fields in their own order where Node hands them out, else put together from its object. */
function rawFrom([, raw]: unknown[], headers: IncomingHttpHeaders): RawHeaders {
  if (Array.isArray(raw)) return raw.map(String);
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [name, one]),
  );
}
