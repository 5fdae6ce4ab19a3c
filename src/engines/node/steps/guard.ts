/*
 * Whether a request may pass at all. The place for every rule about who may open what; the ones here
 * hold for all apps alike.
 */
import { isFramed } from "../../../model/framing.ts";
import { isForeign } from "../../../model/origin.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { type Refusal, unknownHost } from "../failure.ts";
import { valuesOf } from "../fields.ts";
import { hasPassed } from "../headers.ts";

export function guard(exchange: Exchange, door: Door): Refusal | undefined {
  const { connection, host, headers } = exchange;
  // First: a door that asks itself does so under whatever name its target has.
  if (hasPassed(headers, door.token)) {
    const why = "the request has come through this door before";
    return { status: 508, code: "DOOR_LOOP", blame: "door", why };
  }
  // A connection made for one name carries nothing for another: its certificate spoke for that name only.
  if (connection.serverName !== undefined && connection.serverName !== host) {
    return unknownHost("the connection was made for another name");
  }
  if (isFromElsewhere(exchange)) {
    const why = "another site asked for it in the visitor's name";
    return { status: 403, code: "DOOR_FOREIGN_ORIGIN", blame: "visitor", why, close: true };
  }
  if (isShownElsewhere(exchange)) {
    const why = "a page of another origin would show it in a frame";
    return { status: 403, code: "DOOR_FOREIGN_ORIGIN", blame: "visitor", why };
  }
  return undefined;
}

/** Apps with sandboxes alone: others are shown on people's own pages, and no hostile page has their name. */
function isShownElsewhere({ route, headers }: Exchange): boolean {
  if (route?.kind !== "app" || route.app.sandboxes === undefined) return false;
  return isFramed({
    fetchDest: valuesOf(headers, "sec-fetch-dest")[0],
    fetchSite: valuesOf(headers, "sec-fetch-site")[0],
  });
}

function isFromElsewhere({ route, method, asks, authority, headers }: Exchange): boolean {
  const claim = {
    method,
    isWebSocket: asks === "websocket",
    authority,
    origins: valuesOf(headers, "origin"),
    fetchSite: valuesOf(headers, "sec-fetch-site")[0],
  };
  return isForeign(claim, route?.kind === "app" ? route.app.origins : []);
}
