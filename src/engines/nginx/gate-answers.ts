/*
 * What the gate says, for nginx: a yes it may remember or not, and for those who are not let in the whole answer.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../../kernel/log.ts";
import { kindOf } from "../../model/admission.ts";
import { isOpenPath } from "../../model/open-paths.ts";
import { SESSION_COOKIE } from "../../model/own-fields.ts";
import type { PlannedApp } from "../../model/plan.ts";
import { isOwnMachinesName } from "../../model/source.ts";
import type { Admission, Gate, Knock } from "../needs.ts";
import type { GateMemory } from "./gate-memory.ts";

export interface GateAnswersWiring {
  readonly gate: Gate;
  readonly memory: Pick<GateMemory, "goodUntil">;
  readonly log: Log;
}

/** One of nginx's fields: `X-Genkan-Target` is `said("target")`; empty where it did not send it. */
export type Said = (what: string) => string;

export interface Asked {
  readonly app: PlannedApp;
  readonly said: Said;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers nginx: 204 with what the app is told, or 401. Nothing counts here but what nginx remembers a yes by, and
 * what keeps it from being remembered.
 */
export async function answerGate(wiring: GateAnswersWiring, asked: Asked): Promise<void> {
  const { app, said, response } = asked;
  const admission = wiring.gate.judge(knockOf(asked));
  if (admission.is === "answer") return void response.writeHead(401).end();
  const fields = Object.fromEntries(admission.identity);
  if (canRemember(admission, app, said)) {
    fields["X-Accel-Expires"] = `@${wiring.memory.goodUntil()}`;
  }
  const renewal = admission.renew && isPage(asked) ? await admission.renew() : undefined;
  if (renewal !== undefined) fields["X-Genkan-Renewal"] = renewal;
  response.writeHead(204, fields).end();
}

/** As the page it may be: only then the gate says that the session is to be renewed. A yes is one for all kinds. */
function knockOf({ app, said }: Asked): Knock {
  const [session, token] = [said("session"), said("token")];
  return {
    id: "",
    app,
    host: said("server"),
    port: 443,
    method: "GET",
    target: said("target"),
    isWebSocket: false,
    address: said("from"),
    cookies: session === "" ? [] : [`${SESSION_COOKIE}=${session}`],
    authorization: token === "" ? undefined : `Bearer ${token}`,
    fetchMode: "navigate",
    fetchDest: "document",
    accept: undefined,
  };
}

type LetIn = Extract<Admission, { is: "let-in" }>;

/** Whether the answer would be the same for whoever shows the same, whatever it is for. */
function canRemember({ identity, renew }: LetIn, app: PlannedApp, said: Said): boolean {
  // Below .localhost it counts who asks, and that is not in what nginx remembers a yes by.
  if (identity.length === 0 || renew || isOwnMachinesName(said("server"))) return false;
  return !isOpenPath(said("target").replace(/\?.*$/s, ""), app.openPaths);
}

function isPage({ request: { headers } }: Asked): boolean {
  return kindOf({ isWebSocket: false, ...shownKind(headers) }) === "navigation";
}

/** Answers a visitor who is not let in, with everything the visitor sent but content. */
export function answerRefused({ gate, log }: GateAnswersWiring, asked: Asked): void {
  const { app, said, request, response } = asked;
  const { headers } = request;
  const id = randomUUID().slice(0, 8);
  const host = said("server");
  const admission = gate.judge({
    id,
    app,
    host,
    port: Number(said("port")),
    method: said("method"),
    target: said("target"),
    isWebSocket: false,
    address: said("from"),
    cookies: headers.cookie === undefined ? [] : [headers.cookie],
    authorization: headers.authorization,
    ...shownKind(headers),
  });
  // Let in between the two questions: asked again it will pass.
  const answer = admission.is === "answer" ? admission : ASK_AGAIN;
  log.debug("exchange.refused", () => ({ id, app: app.name, host, why: answer.why }));
  const length = { "content-length": Buffer.byteLength(answer.body) };
  response.writeHead(answer.status, { ...answer.headers, ...length }).end(answer.body);
}

const ASK_AGAIN = {
  status: 503,
  headers: { "cache-control": "no-store", "retry-after": "1" },
  body: "",
  why: "let in by now",
};

function shownKind(
  headers: IncomingMessage["headers"],
): Pick<Knock, "fetchMode" | "fetchDest" | "accept"> {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    fetchMode: one("sec-fetch-mode"),
    fetchDest: one("sec-fetch-dest"),
    accept: headers.accept,
  };
}
