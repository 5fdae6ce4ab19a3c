/*
 * The door's own pages. They are made elsewhere; here they get the request in Node's form, and a WebSocket
 * as the bytes behind a handshake that was agreed to.
 */
import { AT_APP } from "../../../model/plan.ts";
import type { MetAtApp } from "../../needs.ts";
import { acceptFor, handshakeTo } from "../connect-protocol.ts";
import { plainAddress } from "../connection.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { badRequest, type Refusal } from "../failure.ts";

export function hosted(exchange: Exchange, door: Door): Promise<void> | Refusal | undefined {
  const isPortal = exchange.route?.kind === "portal";
  if (!isPortal && !exchange.path.startsWith(AT_APP)) return undefined;
  if (exchange.asks === "websocket") return openWebSocket(exchange, door);
  const { request, response } = exchange.nodeForm();
  const met = metIn(exchange);
  return isPortal
    ? door.pages.portal(request, response, met)
    : door.pages.atApp(request, response, met);
}

function metIn({ protocol, connection, host }: Exchange): MetAtApp {
  const at = plainAddress(connection.socket.localAddress);
  return { protocol, from: connection.address, at, host };
}

function openWebSocket(exchange: Exchange, { pages }: Door): Promise<void> | Refusal {
  const { path, headers, protocol, visitor, route } = exchange;
  const take = route?.kind !== "portal" ? undefined : pages.webSocket?.(path.replace(/\?.*$/, ""));
  if (!take) {
    const why = "the door's own pages have no WebSocket there";
    return { status: 404, code: "DOOR_NO_WEBSOCKET", blame: "visitor", why };
  }
  const handshake = handshakeTo(headers, protocol);
  if (!handshake) return badRequest("the handshake has no key, or several");
  const accept = ["Sec-WebSocket-Accept", acceptFor(handshake.key)];
  take(visitor.switchTo({ status: 101, statusText: "Switching Protocols", headers: accept }));
  return Promise.resolve();
}
