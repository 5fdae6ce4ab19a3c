/*
 * What the door says to the app's page in a sandbox's name, as browsers ask before a page may read what another origin
 * answers (Fetch, section 3.3). The sandbox itself knows only pages on localhost and would refuse this one.
 */
import type { Upstream } from "../../../model/target.ts";
import { accepts } from "../../../platform/accepts.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { valuesOf } from "../fields.ts";
import { askingPage } from "./asked-by.ts";
import type { AtPort } from "./at-port.ts";

/** What the agent-server takes (SDK:openhands-agent-server, its routers). */
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/** Names of fields a page may ask for: tokens and commas, as browsers write them. */
const FIELD_NAMES = /^[\w\-, ]{1,1024}$/;
/** Seconds a browser need not ask again; Chromium keeps no more than two hours. */
const MAX_AGE = "7200";
/** Milliseconds the app in a sandbox has to take a connection; the page asks every three seconds. */
const PATIENCE = 1_000;

/** Lets the app's page, and no other, read an answer. */
export function corsFields(origin: string): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "*",
    vary: "Origin",
  };
}

/** A preflight of the app's page, or its look whether an app in the sandbox runs: neither brings a session. */
export function answerForPage(
  exchange: Exchange,
  _door: Door,
  { place }: AtPort,
): Promise<void> | undefined {
  const { route, headers, method, asks, visitor } = exchange;
  const origin = askingPage(headers, route?.kind === "app" ? route.app.origins : []);
  if (origin === undefined || asks === "websocket") return undefined;
  if (place.kind === "agent-server" && isPreflight(exchange)) {
    visitor.reply({
      status: 204,
      headers: preflightFields(exchange, origin),
      body: "",
      close: false,
    });
    return Promise.resolve();
  }
  if (place.kind === "app" && (method === "GET" || method === "HEAD")) {
    return answerProbe(exchange, origin, place.upstream);
  }
  return undefined;
}

function isPreflight({ method, headers }: Exchange): boolean {
  return method === "OPTIONS" && valuesOf(headers, "access-control-request-method").length === 1;
}

function preflightFields({ headers }: Exchange, origin: string): Record<string, string> {
  const [asked = ""] = valuesOf(headers, "access-control-request-headers");
  const isLocal = valuesOf(headers, "access-control-request-private-network")[0] === "true";
  return {
    ...corsFields(origin),
    "access-control-allow-methods": METHODS,
    ...(FIELD_NAMES.test(asked) ? { "access-control-allow-headers": asked } : {}),
    ...(isLocal ? { "access-control-allow-private-network": "true" } : {}),
    "access-control-max-age": MAX_AGE,
  };
}

/**
 * The page asks every three seconds whether anything is there, and shows it in a frame once something answers
 * (V0:frontend, served-tab). It sends no cookies, so the answer says that, and nothing of what is there.
 */
async function answerProbe({ visitor }: Exchange, origin: string, at: Upstream): Promise<void> {
  const isThere = await accepts(at.host, at.port, PATIENCE);
  const headers = { ...corsFields(origin), "cache-control": "no-store" };
  visitor.reply({ status: isThere ? 200 : 502, headers, body: "", close: false });
}
