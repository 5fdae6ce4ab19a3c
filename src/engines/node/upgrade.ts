/*
 * A WebSocket to an app. The app decides: its yes joins the two connections for as long as both like,
 * without deadlines; its no is passed on like any answer.
 */
import type { Duplex } from "node:stream";
import type { PlannedApp } from "../../model/plan.ts";
import { handshakeTo, isAnswerTo } from "./connect-protocol.ts";
import type { Door } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import { altered, fieldsFor } from "./fields-for.ts";
import { join, relay } from "./stream.ts";
import { UnsendableRequestError, UpstreamFailureError } from "./upstream/upstream.ts";

/** @throws UpstreamFailureError, UnsendableRequestError */
export async function forwardWebSocket(
  exchange: Exchange,
  app: PlannedApp,
  door: Door,
): Promise<void> {
  const { visitor, path } = exchange;
  const handshake = handshakeTo(fieldsFor(exchange, app, door), exchange.protocol);
  if (!handshake) throw new UnsendableRequestError("Sec-WebSocket-Key");
  const request = { method: "GET", target: path, headers: handshake.headers, body: undefined };
  const switched = await door.upstream.upgrade(app.upstream, request, {
    signal: visitor.signal,
    onInformation: () => undefined, // a handshake has no use for hints
  });
  const { alters } = exchange;
  if (switched.kind === "refused") {
    return relay(alters ? altered(switched.response, alters) : switched.response, visitor);
  }
  const { head, socket } = switched;
  if (!isAnswerTo(head, handshake.key)) {
    socket.destroy();
    throw new UpstreamFailureError("garbage", "its WebSocket answer does not fit the request");
  }
  if (visitor.signal.aborted) {
    socket.destroy();
    return undefined;
  }
  const visible = visitor.switchTo(alters ? altered(head, alters) : head);
  const forget = door.tunnels.add(app.name, () => endBoth(visible, socket));
  visitor.onOver(forget);
  join(visible, socket);
  return undefined;
}

/** The app is no longer ours: both sides see an end, not an error. */
function endBoth(visitor: Duplex, app: Duplex): void {
  app.end();
  visitor.end(() => {
    visitor.destroy();
    app.destroy();
  });
}
