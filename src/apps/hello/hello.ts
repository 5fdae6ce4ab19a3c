/*
 * The built-in app: a small page that shows what arrives through the door. A bare `genkan up` shows
 * it. It is an app like any other and knows nothing of the door; it listens on loopback only and
 * tells a visitor nothing but what that visitor sent.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { messageOf } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import { createEcho } from "./echo.ts";
import { createTicker } from "./events.ts";
import { shownHeaders } from "./headers.ts";
import { helloPage, PAGE_HEADERS } from "./page.tsx";

export interface Hello extends Running {
  /** On 127.0.0.1. */
  readonly port: number;
}

/** Starts it on a port the system chooses. @throws what listen() throws. */
export async function startHello({ log }: { readonly log: Log }): Promise<Hello> {
  const echo = createEcho(log);
  const ticker = createTicker();
  const server = createServer((request, response) => {
    try {
      answer(request, response, (stream) => ticker.add(stream));
    } catch (thrown) {
      log.error("hello.failed", { why: messageOf(thrown) });
      response.destroy();
    }
  });
  server.on("upgrade", (request, socket: Socket, head) => echo.upgrade(request, socket, head));
  // Longer than a door keeps idle connections: the door closes them, never we under its feet.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("hello has no port");
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        ticker.stop();
        echo.stop();
        server.close(() => resolve()); // called with an error where it was closed before: fine too
        server.closeAllConnections();
      }),
  };
}

type Stream = (response: ServerResponse) => void;

function answer(request: IncomingMessage, response: ServerResponse, stream: Stream): void {
  if (request.method !== "GET" && request.method !== "HEAD") {
    const headers = { ...PLAIN, allow: "GET, HEAD", connection: "close" };
    response.writeHead(405, headers).end("Only GET and HEAD.\n");
    return;
  }
  const path = (request.url ?? "/").split("?")[0];
  if (path === "/") {
    response.writeHead(200, PAGE_HEADERS).end(helloPage(request));
  } else if (path === "/headers") {
    const headers = { ...PLAIN, "content-type": "application/json" };
    response.writeHead(200, headers).end(`${JSON.stringify(shownHeaders(request.rawHeaders))}\n`);
  } else if (path === "/events" && request.method === "GET") {
    stream(response);
  } else if (path === "/health") {
    response.writeHead(200, PLAIN).end("well\n");
  } else {
    response.writeHead(404, PLAIN).end("There is no such page here.\n");
  }
}

const PLAIN = {
  "content-type": "text/plain; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;
