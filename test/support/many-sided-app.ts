/*
 * An app that uses what HTTP has: large bodies, events, trailers, conditions, ranges, codings. What it
 * answers is known beforehand, so that a test can tell whether it came through untouched.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

export interface ManySidedApp {
  readonly port: number;
  /** Lets /events go on by one event. */
  readonly sendEvent: () => void;
  /** Connections opened to it so far. */
  readonly connections: () => number;
  /** Bytes of request content it has read. */
  readonly bytesRead: () => number;
}

const LINE = "玄関 is the entrance of a Japanese home.\n";
/** Content of /text, whole. */
export const TEXT = LINE.repeat(100);
/** Content of /gzip, as sent. */
export const GZIPPED = gzipSync(TEXT);
export const ETAG = '"first"';

/** Listens on 127.0.0.1; gone when the test ends. */
export async function startManySidedApp(): Promise<ManySidedApp> {
  const events: ServerResponse[] = [];
  let connections = 0;
  let bytesRead = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => (bytesRead += chunk.length));
    const path = request.url ?? "/";
    if (path === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      events.push(response);
    } else void (PAGES[path] ?? notFound)(request, response);
  });
  server.on("connection", () => (connections += 1));
  server.on("checkContinue", (request, response) => {
    if (request.url === "/too-large") {
      response.writeHead(413, { connection: "close" }).end("No.\n");
      return;
    }
    response.writeContinue();
    server.emit("request", request, response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  let sent = 0;
  return {
    port: (server.address() as { port: number }).port,
    connections: () => connections,
    bytesRead: () => bytesRead,
    sendEvent: () => {
      sent += 1;
      for (const response of events) response.write(`data: event ${sent}\n\n`);
    },
  };
}

type Page = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

const PAGES: Readonly<Record<string, Page>> = {
  "/text": (request, response) => {
    response.setHeader("etag", ETAG);
    if (request.headers["if-none-match"] === ETAG) {
      response.writeHead(304).end();
      return;
    }
    const whole = Buffer.from(TEXT);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const [from, to] = range ? [Number(range[1]), Number(range[2])] : [0, whole.length - 1];
    const part = whole.subarray(from, to + 1);
    response.writeHead(range ? 206 : 200, {
      "content-type": "text/plain; charset=utf-8",
      "content-length": part.length,
      ...(range ? { "content-range": `bytes ${from}-${to}/${whole.length}` } : {}),
    });
    response.end(part);
  },
  "/gzip": (_request, response) => {
    const headers = { "content-encoding": "gzip", "content-length": GZIPPED.length };
    response.writeHead(200, headers).end(GZIPPED);
  },
  "/nothing": (_request, response) => void response.writeHead(204).end(),
  "/trailers": (_request, response) => {
    response.writeHead(200, { trailer: "x-checksum" });
    response.write("content");
    response.addTrailers({ "x-checksum": "abc123" });
    response.end();
  },
  /** Says what arrived. */
  "/digest": async (request, response) => {
    const hash = createHash("sha256");
    await pipeline(request, hash);
    response.end(hash.digest("hex"));
  },
  /** Says the same back while it comes. */
  "/mirror": async (request, response) => {
    await pipeline(request, response);
  },
};

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end();
}
