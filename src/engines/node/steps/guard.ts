/*
 * Whether a request may pass at all. The place for every rule about who may open what; the ones here
 * hold for all apps alike.
 */
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { type Refusal, unknownHost } from "../failure.ts";
import { hasPassed } from "../headers.ts";

export function guard(exchange: Exchange, door: Door): Refusal | undefined {
  const { connection, host, headers } = exchange;
  // A connection made for one name carries nothing for another: its certificate spoke for that name only.
  if (connection.serverName !== undefined && connection.serverName !== host) {
    return unknownHost("the connection was made for another name");
  }
  if (hasPassed(headers, door.token)) {
    const why = "the request has come through this door before";
    return { status: 508, code: "DOOR_LOOP", blame: "door", why };
  }
  return undefined;
}
