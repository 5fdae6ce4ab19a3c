/*
 * The door's pages as an engine takes them: problems as text, the portal on Node's requests.
 */
import { getRequestListener } from "@hono/node-server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Problem, ProblemAnswer } from "./needs.ts";
import { createPortal, type PortalOptions } from "./portal.tsx";
import { answerProblem } from "./problem.ts";

type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

export interface Pages {
  problem(problem: Problem, accept: string | undefined): ProblemAnswer;
  /** Answers on HTTP/1.1 and on HTTP/2's compatibility interface; reads no request body. */
  portal(request: AnyRequest, response: AnyResponse): Promise<void>;
}

export function createPages(options: PortalOptions): Pages {
  const portal = createPortal(options);
  const listener = getRequestListener((request) => portal.fetch(request), {
    overrideGlobalObjects: false, // the rest of the process keeps Node's own Request and Response
  });
  return {
    problem: answerProblem,
    portal(request, response) {
      // Nothing here reads a body. Node would read one of HTTP/1.1 to its end to keep the
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
