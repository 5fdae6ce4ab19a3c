/*
 * An ordinary request to an app and its answer back: as it came, but for answers that name ports of sandboxes.
 */
import type { PlannedApp } from "../../model/plan.ts";
import type { Door } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import { altered, fieldsFor } from "./fields-for.ts";
import { askingWhole, mayName } from "./rewrite/asking.ts";
import { relayRewritten } from "./rewrite/rewrite.ts";
import { relay } from "./stream.ts";

/** @throws UpstreamFailureError, UnsendableRequestError */
export async function forwardRequest(
  exchange: Exchange,
  app: PlannedApp,
  door: Door,
): Promise<void> {
  const { visitor, body, method, path, alters } = exchange;
  if (body) door.bodyWatch.watch(exchange);
  const rewriter = app.sandboxes && mayName(exchange, app.sandboxes) ? door.rewriter : undefined;
  const fields = fieldsFor(exchange, app, door);
  const headers = rewriter ? askingWhole(fields, method) : fields;
  const response = await door.upstream.request(
    app.upstream,
    { method, target: path, headers, body },
    {
      signal: visitor.signal,
      onInformation: (head) => visitor.inform(alters ? altered(head, alters) : head),
    },
  );
  try {
    const cookie = exchange.renewal && (await exchange.renewal);
    const ours = cookie === undefined ? [] : ["Set-Cookie", cookie];
    if (alters) await relay(altered(response, alters), visitor, ours);
    else if (rewriter)
      await relayRewritten(response, { exchange, app, rewriter, log: door.log }, ours);
    else await relay(response, visitor, ours);
  } catch (thrown) {
    response.body.destroy();
    throw thrown;
  }
}
