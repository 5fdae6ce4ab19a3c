/*
 * To the app: counts the exchange as the app's, and carries it the way it asks for. Last step.
 */
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { forwardRequest } from "../forward.ts";
import { forwardWebSocket } from "../upgrade.ts";

export function forward(exchange: Exchange, door: Door): Promise<void> | undefined {
  const { route, visitor } = exchange;
  if (route?.kind !== "app") return undefined;
  const { app } = route;
  const counts = door.traffic.of(app.name);
  counts.requests += 1;
  door.ofApp.enter(app.name, visitor);
  if (exchange.asks === "websocket") return forwardWebSocket(exchange, app, door);
  counts.active += 1;
  visitor.onOver(() => {
    counts.active -= 1;
  });
  return forwardRequest(exchange, app, door);
}
