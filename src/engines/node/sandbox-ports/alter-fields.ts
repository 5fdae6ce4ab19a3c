/*
 * What a sandbox is told of a request, and what of its answer reaches the browser, beyond what holds for every app. A
 * sandbox runs what nobody has read, under the name of its app: what browsers keep by name, and not by port, is
 * the app's.
 */
import type { Upstream } from "../../../model/target.ts";
import {
  cookieFromSandbox,
  cookiesForSandbox,
  tokenForScripts,
} from "../../../model/sandbox-cookies.ts";
import type { Alters } from "../alters.ts";
import type { Exchange } from "../exchange.ts";
import { mapped, valuesOf } from "../fields.ts";
import type { RawHeaders } from "../upstream/upstream.ts";
import { askingPage } from "./asked-by.ts";
import type { AtPort } from "./at-port.ts";
import { corsFields } from "./cors.ts";

export function createAlters(exchange: Exchange, at: AtPort): Alters {
  return {
    request: (fields) => toSandbox(fields, exchange, at),
    answer: ({ headers }) => fromSandbox(headers, exchange, at),
  };
}

function toSandbox(
  fields: readonly string[],
  exchange: Exchange,
  { place, doorPort }: AtPort,
): string[] {
  const own = mapped(fields, (name, value) => {
    // Who visits is the app's to know, and nothing to what runs in its sandboxes.
    if (name.startsWith("x-genkan-")) return undefined;
    return name === "cookie" ? cookiesForSandbox(value, doorPort) : value;
  });
  if (place.kind === "agent-server") {
    // It knows no page but those on localhost, and this one was judged here.
    return page(exchange) === undefined
      ? own
      : mapped(own, (name, value) => (name === "origin" ? undefined : value));
  }
  if (place.kind === "editor") return own;
  // What an agent serves was made for localhost, and servers that mind their name (Vite, Django) know no other.
  const local = `localhost:${place.upstream.port}`;
  return mapped(own, (name, value) => {
    if (name === "host") return local;
    return name === "origin" && value === `https://${exchange.authority}`
      ? `http://${local}`
      : value;
  });
}

/**
 * Kept from browsers, as they would hold it against the app's name at every port: signing everybody out (Clear-Site-Data,
 * section 3.1), how the name is to be reached (RFC 6797 section 8.3), and another port that answers for this one
 * (RFC 7838 section 3): led to the door's own, the sandbox's page would read the app as if it were itself.
 */
const ABOUT_THE_NAME = new Set(["alt-svc", "clear-site-data", "strict-transport-security"]);

function fromSandbox(
  headers: RawHeaders,
  exchange: Exchange,
  { place, doorPort }: AtPort,
): string[] {
  const isAgent = place.kind === "agent-server";
  const fields = mapped(headers, (name, value) => {
    if (ABOUT_THE_NAME.has(name)) return undefined;
    if (isAgent && name.startsWith("access-control-")) return undefined; // the door says it
    if (name === "referrer-policy" && place.kind === "editor") return undefined;
    if (name === "set-cookie") return cookieFromSandbox(value, doorPort);
    return name === "location" ? redirected(value, exchange.authority, place.upstream) : value;
  });
  const origin = page(exchange);
  if (isAgent && origin !== undefined) fields.push(...Object.entries(corsFields(origin)).flat());
  // Whoever else shows it in a frame has the visitor click in it unseen. Policies add up, so its own stays in force.
  if (!isAgent)
    fields.push(
      "Content-Security-Policy",
      `frame-ancestors 'self' ${originsOf(exchange).join(" ")}`,
    );
  if (place.kind === "editor") fields.push(...forEditorsPage(headers, exchange, doorPort));
  return fields;
}

/** Its address holds its key, and its page needs that. */
function forEditorsPage(headers: RawHeaders, exchange: Exchange, doorPort: number): string[] {
  const quiet = ["Referrer-Policy", "no-referrer"];
  if (!valuesOf(headers, "content-type").some((type) => /^text\/html\b/i.test(type))) return quiet;
  const token = tokenForScripts(valuesOf(exchange.headers, "cookie").join("; "), doorPort);
  return token === undefined ? quiet : [...quiet, "Set-Cookie", token];
}

/**
 * A redirect to the sandbox itself, as it is on this machine, leads to where the visitor has it. Others pass: a browser
 * follows them as it would a link, and nothing at the door obeys whom a link has brought.
 */
function redirected(location: string, authority: string, { host, port }: Upstream): string {
  const own = ["localhost", "127.0.0.1", "[::1]", host.includes(":") ? `[${host}]` : host];
  for (const name of own) {
    const start = new RegExp(
      `^(?:https?:)?//${name.replaceAll(/[.[\]]/g, "\\$&")}:${port}(?=[/?#]|$)`,
      "i",
    );
    if (start.test(location)) return location.replace(start, `https://${authority}`);
  }
  return location;
}

function page(exchange: Exchange): string | undefined {
  return askingPage(exchange.headers, originsOf(exchange));
}

function originsOf({ route }: Exchange): readonly string[] {
  return route?.kind === "app" ? route.app.origins : [];
}
