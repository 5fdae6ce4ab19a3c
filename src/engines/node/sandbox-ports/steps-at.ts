/*
 * The walk of a request at a sandbox's port: the steps every request walks, with the app the sandbox stands for in
 * place of the one in the plan, and two of its own: what the door answers by itself, and who is let in by a key.
 */
import type { PlannedApp } from "../../../model/plan.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { type Refusal, unknownHost } from "../failure.ts";
import { valuesOf } from "../fields.ts";
import type { Step } from "../steps.ts";
import { admit } from "../steps/admit.ts";
import { forward } from "../steps/forward.ts";
import { guard } from "../steps/guard.ts";
import { hosted } from "../steps/hosted.ts";
import { identify } from "../steps/identify.ts";
import type { AtPort } from "./at-port.ts";
import { createAlters } from "./alter-fields.ts";
import { askingPage, pageOrigins } from "./asked-by.ts";
import { answerForPage, corsFields } from "./cors.ts";
import { showsKey } from "./shown-key.ts";

export function stepsAt(at: AtPort): readonly Step[] {
  return [
    identify,
    (exchange, door) => findSandbox(exchange, door, at),
    guard,
    hosted,
    (exchange, door) => answerForPage(exchange, door, at),
    (exchange, door) => admitHere(exchange, door, at),
    forward,
  ];
}

/** The names of the app and no others: a certificate vouches for one, and other apps' sessions have no business here. */
function findSandbox(exchange: Exchange, { plan }: Door, at: AtPort): Refusal | undefined {
  const app = plan.apps.find(({ name }) => name === at.place.app);
  // Another port's requests come here only where somebody told the browser so (RFC 7838), and nobody of ours does.
  const isHere = app?.hosts.includes(exchange.host) && exchange.port === at.doorPort;
  if (!app || !isHere) return unknownHost("no such name at this port");
  exchange.route = { kind: "app", host: exchange.host, app: standingFor(app, at) };
  exchange.alters = createAlters(exchange, at);
  exchange.portalPort = at.mainPort;
  return undefined;
}

/** What the sandbox is to the steps: never open, whatever its app is, as it runs what nobody has read. */
function standingFor(app: PlannedApp, at: AtPort): PlannedApp {
  return {
    name: app.name,
    hosts: app.hosts,
    upstream: at.place.upstream,
    access: app.access === "owner" ? "owner" : "household",
    openPaths: [],
    origins: pageOrigins(app.hosts, at.mainPort),
  };
}

/**
 * By a session, or by the key of this very sandbox: the app's page asks from another origin and sends no cookies
 * along (V1dev:frontend/src/api). Whoever has the key may give the sandbox orders anyway.
 */
function admitHere(exchange: Exchange, door: Door, { place }: AtPort): ReturnType<Step> {
  const { headers, visitor, id, method } = exchange;
  const hasCookies = valuesOf(headers, "cookie").length > 0;
  // A device that shows both goes by its session, too: put out, it loses what it has open here.
  if (showsKey(exchange, place)) return hasCookies ? admit(exchange, door, true) : undefined;
  const origins = exchange.route?.kind === "app" ? exchange.route.app.origins : [];
  const origin = place.kind === "agent-server" ? askingPage(headers, origins) : undefined;
  if (origin === undefined || hasCookies) return admit(exchange, door);
  // A page can read that it is refused only where it may read the answer.
  const { body, headers: fields } = door.pages.problem({ ...SIGN_IN, id, method }, undefined);
  visitor.reply({ status: 401, headers: { ...fields, ...corsFields(origin) }, body, close: false });
  return Promise.resolve();
}

const SIGN_IN = { status: 401, code: "DOOR_SIGN_IN_NEEDED", blame: "visitor" } as const;
