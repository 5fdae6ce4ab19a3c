/*
 * The door's pages as an engine takes them: problems as text, the portal on Node's requests.
 */
import { getRequestListener } from "@hono/node-server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Problem, ProblemAnswer } from "./needs.ts";
import { createPortal, type PortalOptions } from "./portal.tsx";
import { answerProblem } from "./problem.ts";

export interface Pages {
  problem(problem: Problem, accept: string | undefined): ProblemAnswer;
  /** Answers on HTTP/1.1 and on HTTP/2's compatibility interface; reads no request body. */
  portal(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<void>;
}

export function createPages(options: PortalOptions): Pages {
  const portal = createPortal(options);
  return {
    problem: answerProblem,
    portal: getRequestListener((request) => portal.fetch(request), {
      overrideGlobalObjects: false, // the rest of the process keeps Node's own Request and Response
    }),
  };
}
