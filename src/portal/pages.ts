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

type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

export interface Pages {
  problem(problem: Problem, accept: string | undefined): ProblemAnswer;
  /** Answers on HTTP/1.1 and on HTTP/2's compatibility interface. */
  portal(request: AnyRequest, response: AnyResponse, met?: Met): Promise<void>;
  /** Answers for `/.genkan/` at an app's host. */
  atApp(request: AnyRequest, response: AnyResponse, met: Met & { host: string }): Promise<void>;
  /** What takes a WebSocket at this path once it was agreed to; undefined where there is none. */
  webSocket(path: string): ((socket: Duplex) => void) | undefined;
}

export function createPages(options: PortalOptions): Pages {
  const portal = createPortal(options);
  const echo = createEcho();
  const meetings = new WeakMap<AnyRequest, Met>();
  const listener = getRequestListener(
    (request, { incoming }) => {
      const met = meetings.get(incoming);
      return portal.fetch(request, met && { met });
    },
    { overrideGlobalObjects: false }, // the rest of the process keeps Node's own Request and Response
  );
  return {
    problem: answerProblem,
    webSocket: (path) => (path === "/check/echo" ? echo : undefined),
    async atApp(_request, response) {
      response.statusCode = 404;
      response.end();
    },
    portal(request, response, met) {
      if (met) meetings.set(request, met);
      // Hardly anything here reads a body. Node would read one of HTTP/1.1 to its end to keep the
      // connection; closing it instead is cheaper. HTTP/2 ends the stream alone.
      if (request.httpVersionMajor === 1 && hasBody(request)) {
        response.setHeader("connection", "close");
      }
      return listener(request, response);
    },
  };
}

/** RFC 9112 section 6.3: a request has a body exactly when it says so. */
function hasBody({ headers }: AnyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
