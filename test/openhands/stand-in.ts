/*
 * What every stand-in is made of: a server that knows its routes, minds what it is sent, and notes all it did
 * not expect. A test that ends with `expectNothingOdd` fails for a request nobody foresaw.
 */
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";

/** What somebody started here can be asked, and how it is ended. */
export interface StandIn {
  readonly address: string;
  readonly port: number;
  /** As on its own machine: `http://localhost:3000`. */
  readonly url: string;
  /** Everything that came and should not have, in words. Empty, or a test must fail. */
  readonly unexpected: readonly string[];
  /** What was asked of it: `GET /health`. The query is left out: keys are in it. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export interface Place {
  /** 127.0.0.1 unless told. */
  readonly address?: string;
  /** 0, the system's choice, unless told. */
  readonly port?: number;
}

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What the groups of the route's pattern matched. */
  readonly parts: readonly string[];
  readonly body: string;
  /** The address of who asks. */
  readonly from: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly json?: unknown;
  readonly html?: string;
  readonly text?: string;
  readonly bytes?: Buffer;
}

export type Route = readonly [
  method: string,
  path: RegExp,
  answer: (ask: Ask) => Answer | Promise<Answer>,
];

export interface Manners {
  /** In front of what it notes: `0.36`. */
  readonly name: string;
  readonly routes: readonly Route[];
  /** Answers what no route does; without it that is a 404. Either way it is noted, unless `mayCome` says not. */
  readonly otherwise?: (ask: Ask) => Answer;
  readonly mayCome?: (ask: Ask) => boolean;
  /** What is wrong with these fields, in words. */
  readonly mind?: (headers: IncomingHttpHeaders) => readonly string[];
  /** Comes first: an answer in place of the route's, and fields for every answer. */
  readonly first?: (ask: Ask) => First | Promise<First>;
  /** Another server of this process that answers the request, whole. */
  readonly elsewhere?: (request: IncomingMessage) => Server | undefined;
  /** Takes WebSockets. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface First {
  readonly fields?: OutgoingHttpHeaders | undefined;
  readonly instead?: Answer | undefined;
}

export interface Served extends StandIn {
  readonly server: Server;
  /** Notes something odd. */
  note(what: string): void;
}

/** Listens with these manners. */
export async function serve(manners: Manners, place: Place = {}): Promise<Served> {
  const { address = "127.0.0.1", port = 0 } = place;
  const unexpected: string[] = [];
  const asked: string[] = [];
  const note = (what: string): void => void unexpected.push(`${manners.name}: ${what}`);
  const minding = (request: IncomingMessage): void => {
    const { path } = split(request);
    asked.push(`${request.method} ${path}`);
    for (const wrong of manners.mind?.(request.headers) ?? []) note(`${path}: ${wrong}`);
  };
  const server = createServer((request, response) => {
    minding(request);
    const other = manners.elsewhere?.(request);
    if (other) {
      other.emit("request", request, response);
      return;
    }
    answer(manners, request, note).then(
      (made) => send(response, made),
      (thrown: unknown) => {
        note(`${request.url}: ${String(thrown)}`);
        response.writeHead(500).end();
      },
    );
  });
  const sockets = new Set<Duplex>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  if (manners.upgrade) {
    server.on("upgrade", (request, socket, head) => {
      minding(request);
      manners.upgrade?.(request, socket, head);
    });
  }
  server.listen(port, address);
  await once(server, "listening");
  const given = (server.address() as AddressInfo).port;
  const stop = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const url = `http://localhost:${given}`;
  return { address, port: given, url, unexpected, asked, stop, server, note };
}

/** Path and query of what was asked. */
export function split(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://stand.in");
  return { path: pathname, query: searchParams };
}

async function answer(
  manners: Manners,
  request: IncomingMessage,
  note: (what: string) => void,
): Promise<Answer> {
  const { path, query } = split(request);
  const { method = "GET", headers } = request;
  const from = request.socket.remoteAddress ?? "";
  const ask: Ask = { method, path, query, headers, parts: [], body: await text(request), from };
  const { fields, instead } = (await manners.first?.(ask)) ?? {};
  const made = instead ?? (await byRoute(manners, ask, note));
  return { ...made, headers: { ...fields, ...made.headers } };
}

async function byRoute(
  { routes, otherwise, mayCome }: Manners,
  ask: Ask,
  note: (what: string) => void,
): Promise<Answer> {
  const like = ask.method === "HEAD" ? "GET" : ask.method;
  for (const [method, path, make] of routes) {
    const found = method === like ? path.exec(ask.path) : null;
    if (found) return make({ ...ask, parts: found.slice(1) });
  }
  if (mayCome?.(ask) !== true) note(`nobody expected ${ask.method} ${ask.path}`);
  return otherwise?.(ask) ?? { status: 404, json: { detail: "Not Found" } };
}

function send(response: ServerResponse, made: Answer): void {
  const [type, content] = contentOf(made);
  response.writeHead(made.status ?? 200, {
    ...(type === undefined ? {} : { "content-type": type }),
    "content-length": content.length,
    ...made.headers,
  });
  response.end(content);
}

function contentOf({ json, html, text: plain, bytes }: Answer): [string | undefined, Buffer] {
  if (json !== undefined) return ["application/json", Buffer.from(JSON.stringify(json))];
  if (html !== undefined) return ["text/html; charset=utf-8", Buffer.from(html)];
  if (plain !== undefined) return ["text/plain; charset=utf-8", Buffer.from(plain)];
  return [undefined, bytes ?? Buffer.alloc(0)];
}
