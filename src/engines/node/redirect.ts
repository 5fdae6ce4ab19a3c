/*
 * The plain port: shows the door's first page to devices that do not trust the root yet, and sends
 * everybody else to the same place over https. No content is read, no app is asked, no name is
 * listed. Only a door that asks itself is told so.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf } from "../../kernel/errors.ts";
import { parseAuthority } from "../../model/hostname.ts";
import { match } from "../../model/match.ts";
import { PLAIN_PATHS, type Route } from "../../model/plan.ts";
import type { Problem, ProblemAnswer } from "../needs.ts";
import type { Door } from "./door.ts";
import { valuesOf } from "./fields.ts";
import { hasPassed } from "./headers.ts";
import { createHttp1Server, endServer, serveSocket } from "./http1-server.ts";
import type { Limits } from "./limits.ts";
import { refuseRaw } from "./raw-refusal.ts";
import { readTarget, type Target } from "./target.ts";

export interface PlainPort {
  serve(socket: Socket, httpsPort: number): void;
  drain(): void;
}

type PlainDoor = Pick<Door, "plan" | "token" | "pages" | "log">;

/** Names of the plan and all addresses are answered. */
export function createPlainPort(limits: Limits, door: PlainDoor): PlainPort {
  const httpsPorts = new WeakMap<Socket, number>();
  const shown = new WeakSet<Duplex>(); // all other answers are out in one piece
  const server = createHttp1Server(limits, (socket) =>
    shown.has(socket) ? "answering" : "nothing",
  );
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const found = whereTo(request, httpsPorts.get(request.socket) ?? 443, door);
    if (found !== PORTAL) return answer(response, found);
    shown.add(request.socket);
    showPortal({ request, response }, door);
  };
  server.on("request", serve);
  server.on("checkContinue", serve);
  server.on("upgrade", (_request, socket) => {
    refuseRaw(socket, { status: 400, code: "DOOR_PLAIN_UPGRADE" }, limits.linger);
  });
  return {
    serve(socket, httpsPort) {
      httpsPorts.set(socket, httpsPort);
      serveSocket(server, socket);
    },
    drain: () => endServer(server),
  };
}

interface PlainExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly location?: string;
  readonly page?: ProblemAnswer;
}

const MALFORMED: Answer = { status: 400, code: "DOOR_BAD_REQUEST" };
/** The door's pages answer. */
const PORTAL = "portal";

/** What a plain request is told. 308 keeps method and content (RFC 9110 section 15.4.9). */
function whereTo(
  request: IncomingMessage,
  httpsPort: number,
  door: PlainDoor,
): Answer | typeof PORTAL {
  const asked = readPlain(request);
  if (!asked) return MALFORMED;
  const { target, host } = asked;
  if (request.method === "TRACE") return { status: 405, code: "DOOR_METHOD_REFUSED" };
  const route = match(door.plan, host);
  if (!route) return { status: 421, code: "DOOR_UNKNOWN_HOST" };
  if (hasPassed(request.rawHeaders, door.token)) return loopAnswer(request, route, door);
  if (route.kind === "portal" && PLAIN_PATHS.has(pathnameOf(target))) return PORTAL;
  return { status: 308, location: `https://${originOf(host, httpsPort)}${pathOf(target)}` };
}

/** Where a request wants to go; undefined where it says nothing usable, or two things. */
function readPlain({
  url = "",
  rawHeaders,
}: IncomingMessage): { readonly target: Target; readonly host: string } | undefined {
  const target = readTarget(url);
  const hosts = valuesOf(rawHeaders, "host");
  const host = hostOf(target?.authority ?? hosts[0]);
  return !target || host === undefined || hosts.length > 1 ? undefined : { target, host };
}

/** An app's target is this very port: sent on, its visitors would come back for ever. */
function loopAnswer({ headers }: IncomingMessage, route: Route, door: PlainDoor): Answer {
  const id = randomUUID().slice(0, 8);
  const trouble = { status: 508, code: "DOOR_LOOP", blame: "door", id } as const;
  const app =
    route.kind === "app" ? { name: route.app.name, upstream: route.app.upstream } : undefined;
  door.log.warn("exchange.failed", { id, app: app?.name, host: route.host, code: trouble.code });
  const problem: Problem = app ? { ...trouble, app } : trouble;
  return { status: 508, page: door.pages.problem(problem, headers.accept) };
}

function hostOf(authority: string | undefined): string | undefined {
  return authority === undefined ? undefined : parseAuthority(authority)?.host;
}

function originOf(host: string, port: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
}

function pathOf({ path }: Target): string {
  return path === "*" ? "/" : path;
}

function pathnameOf({ path }: Target): string {
  return path.replace(/\?.*$/, "");
}

/** Every address shows it, this machine's or not: a page cannot be made to stand for an address, as it can for a name. */
function showPortal({ request, response }: PlainExchange, { pages, log }: PlainDoor): void {
  response.shouldKeepAlive = false;
  pages.portal(request, response).catch((thrown: unknown) => {
    log.error("page.failed", { why: messageOf(thrown) });
    response.destroy();
  });
}

function answer(response: ServerResponse, { status, code, location, page }: Answer): void {
  const body = page?.body ?? (code === undefined ? "" : `${status} (${code})\n`);
  response.shouldKeepAlive = false; // the next request goes to the other port
  response.on("error", () => undefined); // the visitor left; there is nobody to tell
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    ...page?.headers,
    "content-length": Buffer.byteLength(body),
    ...(location === undefined ? {} : { location }),
  });
  response.end(body);
}
