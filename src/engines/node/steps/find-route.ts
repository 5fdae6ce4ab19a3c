/*
 * Which app, or the portal, a host name belongs to. A name the plan does not have is told nothing but
 * that (RFC 9110 section 15.5.20).
 */
import { match } from "../../../model/match.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { type Refusal, unknownHost } from "../failure.ts";

export function findRoute(exchange: Exchange, door: Door): Refusal | undefined {
  exchange.route = match(door.plan, exchange.host);
  return exchange.route ? undefined : unknownHost("no such name");
}
