/*
 * The contract: everything an engine must do, topic by topic.
 */
import { answers } from "./cases/answers.case.ts";
import { bodies } from "./cases/bodies.case.ts";
import { certificates } from "./cases/certificates.case.ts";
import type { Topic } from "./contract.ts";
import { failures } from "./cases/failures.case.ts";
import { fields } from "./cases/fields.case.ts";
import { framing } from "./cases/framing.case.ts";
import { http2 } from "./cases/http2.case.ts";
import { keepAlive } from "./cases/keep-alive.case.ts";
import { leaving } from "./cases/leaving.case.ts";
import { lettingIn } from "./cases/letting-in.case.ts";
import { plans } from "./cases/plans.case.ts";
import { protection } from "./cases/protection.case.ts";
import { redirects } from "./cases/redirects.case.ts";
import { rewritingOnTheWay } from "./cases/rewriting-on-the-way.case.ts";
import { rewriting } from "./cases/rewriting.case.ts";
import { revoking } from "./cases/revoking.case.ts";
import { routing } from "./cases/routing.case.ts";
import { streaming } from "./cases/streaming.case.ts";
import { webSocketEnds } from "./cases/websocket-ends.case.ts";
import { webSocketHandshakes } from "./cases/websocket-handshakes.case.ts";
import { webSockets } from "./cases/websockets.case.ts";

export const CONTRACT: readonly Topic[] = [
  routing,
  redirects,
  certificates,
  fields,
  bodies,
  answers,
  streaming,
  keepAlive,
  failures,
  leaving,
  http2,
  webSocketHandshakes,
  webSockets,
  webSocketEnds,
  protection,
  lettingIn,
  revoking,
  plans,
  rewriting,
  rewritingOnTheWay,
  framing,
];
