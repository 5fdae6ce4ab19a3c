/*
 * The plain port: sends visitors to the same place over https, and does nothing else. No content is
 * read, no app is asked, no name is listed.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { isIpAddress, parseAuthority } from "../../model/hostname.ts";
import { valuesOf } from "./fields.ts";
import { createHttp1Server, endServer, serveSocket } from "./http1-server.ts";
import type { Limits } from "./limits.ts";
import { refuseRaw } from "./raw-refusal.ts";
import { readTarget, type Target } from "./target.ts";

export interface PlainPort {
  serve(socket: Socket, httpsPort: number): void;
  drain(): void;
}

/** @param isName whether the plan has a name; addresses are always sent on. */
export function createPlainPort(limits: Limits, isName: (host: string) => boolean): PlainPort {
  const httpsPorts = new WeakMap<Socket, number>();
  const server = createHttp1Server(limits, () => false); // answers here are out in one piece
  server.on("request", (request, response) => {
    answer(response, whereTo(request, httpsPorts.get(request.socket) ?? 443, isName));
  });
  server.on("checkContinue", (request, response) => {
    answer(response, whereTo(request, httpsPorts.get(request.socket) ?? 443, isName));
  });
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

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly location?: string;
}

const MALFORMED: Answer = { status: 400, code: "DOOR_BAD_REQUEST" };

/** Pure: what a plain request is told. 308 keeps method and content (RFC 9110 section 15.4.9). */
function whereTo(
  request: IncomingMessage,
  httpsPort: number,
  isName: (host: string) => boolean,
): Answer {
  const target = readTarget(request.url ?? "");
  const hosts = valuesOf(request.rawHeaders, "host");
  const host = hostOf(target?.authority ?? hosts[0]);
  if (!target || host === undefined || hosts.length > 1) return MALFORMED;
  if (request.method === "TRACE") return { status: 405, code: "DOOR_METHOD_REFUSED" };
  if (!isIpAddress(host) && !isName(host)) return { status: 421, code: "DOOR_UNKNOWN_HOST" };
  return { status: 308, location: `https://${originOf(host, httpsPort)}${pathOf(target)}` };
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

function answer(response: ServerResponse, { status, code, location }: Answer): void {
  const body = code === undefined ? "" : `${status} (${code})\n`;
  response.shouldKeepAlive = false; // the next request goes to the other port
  response.on("error", () => undefined); // the visitor left; there is nobody to tell
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": body.length,
    ...(location === undefined ? {} : { location }),
  });
  response.end(body);
}
