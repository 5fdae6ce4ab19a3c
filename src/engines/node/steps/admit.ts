/*
 * Who may open an app: the gate says it, before anything reaches the app. An app that is open to everyone costs
 * nothing here.
 */
import { sessionKey } from "../../../model/admission.ts";
import type { PlannedApp } from "../../../model/plan.ts";
import type { Knock } from "../../needs.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { valuesOf } from "../fields.ts";

/** @param mayPass whoever the gate does not know goes on all the same: something else has let them in. */
export function admit(exchange: Exchange, door: Door, mayPass = false): Promise<void> | undefined {
  const { route, visitor } = exchange;
  if (route?.kind !== "app" || route.app.access === "open") return undefined;
  const admission = door.gate.judge(knockOf(exchange, route.app));
  if (admission.is === "answer") {
    if (mayPass) return undefined;
    const { status, headers, body, why } = admission;
    const { id, host } = exchange;
    door.log.debug("exchange.refused", () => ({ id, app: route.app.name, host, why }));
    visitor.reply({ status, headers, body, close: false });
    return Promise.resolve();
  }
  const { identity, device, renew } = admission;
  exchange.identity = identity;
  exchange.renewal = renew?.();
  if (device !== undefined) {
    door.ofDevice.enter(device, visitor);
    // What is over in a moment need not hear of the end of a session.
    const isLasting = exchange.asks === "websocket";
    if (isLasting) door.ofDevice.enter(sessionKey(device, exchange.host), visitor);
  }
  return undefined;
}

function knockOf(exchange: Exchange, app: PlannedApp): Knock {
  const { headers } = exchange;
  return {
    id: exchange.id,
    app,
    host: exchange.host,
    port: exchange.port,
    portalPort: exchange.portalPort,
    method: exchange.method,
    target: exchange.path,
    isWebSocket: exchange.asks === "websocket",
    address: exchange.connection.address,
    cookies: valuesOf(headers, "cookie"),
    authorization: valuesOf(headers, "authorization")[0],
    fetchMode: valuesOf(headers, "sec-fetch-mode")[0],
    fetchDest: valuesOf(headers, "sec-fetch-dest")[0],
    accept: valuesOf(headers, "accept")[0],
  };
}
