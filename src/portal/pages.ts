/*
 * The door's pages as an engine takes them: problems as text, the portal on Node's requests.
 */
import { getRequestListener } from "@hono/node-server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";
import { createEcho } from "./check/echo-socket.ts";
import type { Met } from "./check/needs.ts";
import type { Problem, ProblemAnswer } from "./needs.ts";
import { createPortal, type PortalOptions } from "./portal.tsx";
import { answerProblem } from "./problem.ts";
import { createAtApp, type MetAtApp } from "./sign-in/at-app.ts";

type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

export interface Pages {
  problem(problem: Problem, accept: string | undefined): ProblemAnswer;
  /** Answers on HTTP/1.1 and on HTTP/2's compatibility interface. */
  portal(request: AnyRequest, response: AnyResponse, met?: Met): Promise<void>;
  /** Answers for `/.genkan/` at an app's host. */
  atApp(request: AnyRequest, response: AnyResponse, met: MetAtApp): Promise<void>;
  /** What takes a WebSocket at this path once it was agreed to; undefined where there is none. */
  webSocket(path: string): ((socket: Duplex) => void) | undefined;
}

export function createPages(options: PortalOptions): Pages {
  const portal = createPortal(options);
  const echo = createEcho();
  const atApp = createAtApp(options);
  const meetings = new WeakMap<AnyRequest, Met>();
  const meetingsAtApps = new WeakMap<AnyRequest, MetAtApp>();
  const toPortal = getRequestListener((request, { incoming }) => {
    const met = meetings.get(incoming);
    return portal.fetch(request, met && { met });
  }, LISTENER);
  const toAtApp = getRequestListener(
    (request, { incoming }) => atApp(request, meetingsAtApps.get(incoming)),
    LISTENER,
  );
  return {
    problem: answerProblem,
    webSocket: (path) => (path === "/check/echo" ? echo : undefined),
    atApp(request, response, met) {
      meetingsAtApps.set(request, met);
      closeAfterBody(request, response);
      return toAtApp(request, response);
    },
    portal(request, response, met) {
      if (met) meetings.set(request, met);
      closeAfterBody(request, response);
      return toPortal(request, response);
    },
  };
}

/** The rest of the process keeps Node's own Request and Response. */
const LISTENER = { overrideGlobalObjects: false } as const;

/**
 * Hardly anything here reads a body. Node would read one of HTTP/1.1 to its end to keep the connection; closing
 * it instead is cheaper. HTTP/2 ends the stream alone.
 */
function closeAfterBody(request: AnyRequest, response: AnyResponse): void {
  if (request.httpVersionMajor === 1 && hasBody(request)) response.setHeader("connection", "close");
}

/** RFC 9112 section 6.3: a request has a body exactly when it says so. */
function hasBody({ headers }: AnyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
