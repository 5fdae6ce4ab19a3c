/*
 * The door's pages for nginx, on a socket of this machine: the portal, and a page for every problem. nginx
 * says what it knows in fields of its own, which no visitor can send along; a secret proves that it is nginx.
 */
import { randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { chmod, chown } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../../kernel/errors.ts";
import type { PlannedApp } from "../../model/plan.ts";
import type { MetAtApp, Pages, Problem } from "../needs.ts";
import {
  answerGate,
  answerRefused,
  type Asked,
  type GateAnswersWiring,
  type Said,
} from "./gate-answers.ts";
import { refusalOf } from "./problems.ts";

export interface PagesSocketWiring extends GateAnswersWiring {
  readonly path: string;
  readonly secret: string;
  readonly pages: Pages;
  /** The app of a name, by the plan in force. */
  readonly app: (name: string) => PlannedApp | undefined;
  readonly trusted: readonly string[];
  /** Whom the socket belongs to, where that is not this user. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** A request line and its fields as nginx may pass them: 64 KiB and ours. */
const LARGEST_HEAD = 96 * 1024;

/** As blocks/shared.ts has it. */
const NOT_LET_IN = "000";

/** Opens the socket. @throws the system's own error */
export async function openPagesSocket(wiring: PagesSocketWiring): Promise<Server> {
  const server = createServer({ maxHeaderSize: LARGEST_HEAD }, (request, response) => {
    answer(wiring, request, response).catch((thrown: unknown) => {
      wiring.log.error("page.failed", { why: messageOf(thrown) });
      response.destroy(); // nginx answers a bare 502
    });
  });
  server.listen(wiring.path);
  await once(server, "listening");
  await chmod(wiring.path, 0o600);
  if (wiring.owner) await chown(wiring.path, wiring.owner.uid, wiring.owner.gid);
  return server;
}

async function answer(
  wiring: PagesSocketWiring,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const said = takeOurFields(request);
  if (!isSame(said("secret"), wiring.secret)) {
    response.writeHead(403).end();
    return;
  }
  const kind = said("kind");
  if (kind === "portal") return wiring.pages.portal(request, response, metBy(said));
  if (kind === "plain") return wiring.pages.portal(request, response); // unmet: nobody is known there
  if (kind === "at-app") return wiring.pages.atApp(request, response, metBy(said));
  const app = wiring.app(said("app"));
  if (app && kind === "gate") return answerGate(wiring, { app, said, request, response });
  if (app && said("status") === NOT_LET_IN)
    return answerRefused(wiring, { app, said, request, response });
  await answerProblem(wiring, said, { request, response });
}

type Exchange = Pick<Asked, "request" | "response">;

async function answerProblem(
  wiring: PagesSocketWiring,
  said: Said,
  { request, response }: Exchange,
): Promise<void> {
  const { why, ...page } = await problemOf(wiring, said);
  const { app, ...rest } = page;
  wiring.log.warn("exchange.failed", { ...rest, app: app?.name, host: request.headers.host, why });
  const shown: Problem = app && why !== undefined ? { ...page, why } : page;
  const { headers, body } = wiring.pages.problem(shown, request.headers.accept);
  response.writeHead(page.status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** nginx writes `HTTP/2.0` where TLS and everybody else write `h2` (RFC 9113 section 3.1). */
function metBy(said: Said): MetAtApp {
  const protocol = said("protocol") === "HTTP/2.0" ? "h2" : said("protocol").toLowerCase();
  return { protocol, from: said("from"), at: said("at"), host: said("server") };
}

async function problemOf(wiring: PagesSocketWiring, said: Said): Promise<Problem> {
  const app = wiring.app(said("app"));
  const refusal = await refusalOf({
    status: Number(said("status")),
    isBusy: said("limit") === "REJECTED",
    sent: said("sent"),
    received: said("received"),
    app,
    trusted: wiring.trusted,
  });
  const about = { ...refusal, id: randomUUID().slice(0, 8), method: said("method") };
  const { blame } = refusal;
  return app && blame !== "visitor"
    ? { ...about, app: { name: app.name, upstream: app.upstream } }
    : about;
}

/** Reads nginx's fields and takes them out: pages see what the visitor sent. */
function takeOurFields(request: IncomingMessage): Said {
  const ours = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (!name.startsWith("x-genkan-")) continue;
    ours.set(name.slice("x-genkan-".length), String(value));
    delete request.headers[name];
  }
  request.rawHeaders = request.rawHeaders.filter((_, i, all) => {
    const name = all[i - (i % 2)] ?? "";
    return !name.toLowerCase().startsWith("x-genkan-");
  });
  return (what) => ours.get(what) ?? "";
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
