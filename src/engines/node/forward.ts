/*
 * An ordinary request to an app and its answer back.
 */
import type { PlannedApp } from "../../model/plan.ts";
import type { Door } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import { requestFields } from "./headers.ts";
import { relay } from "./stream.ts";

/** @throws UpstreamFailureError, UnsendableRequestError */
export async function forwardRequest(
  exchange: Exchange,
  app: PlannedApp,
  door: Door,
): Promise<void> {
  const { visitor, body, method, path } = exchange;
  if (body) door.bodyWatch.watch(exchange);
  const response = await door.upstream.request(
    app.upstream,
    { method, target: path, headers: requestFields(exchange, door.token), body },
    { signal: visitor.signal, onInformation: (head) => visitor.inform(head) },
  );
  try {
    const cookie = exchange.renewal && (await exchange.renewal);
    await relay(response, visitor, cookie === undefined ? [] : ["Set-Cookie", cookie]);
  } catch (thrown) {
    response.body.destroy();
    throw thrown;
  }
}
