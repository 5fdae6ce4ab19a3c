/*
 * The door's own pages. They are made elsewhere; here they get the request in Node's form.
 */
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import type { Refusal } from "../failure.ts";

export function hosted(exchange: Exchange, door: Door): Promise<void> | Refusal | undefined {
  if (exchange.route?.kind !== "portal") return undefined;
  if (exchange.asks === "websocket") {
    const why = "the door's own pages have no WebSocket";
    return { status: 404, code: "DOOR_NO_WEBSOCKET", blame: "visitor", why };
  }
  const { request, response } = exchange.nodeForm();
  return door.pages.portal(request, response);
}
