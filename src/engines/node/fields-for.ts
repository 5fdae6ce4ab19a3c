/*
 * The fields of a request as one app gets them, and of its answer where they change: what holds for all apps is in
 * headers.ts, and this is what an app with sandboxes, or a sandbox, has beyond it.
 */
import type { PlannedApp } from "../../model/plan.ts";
import { cookiesNamed } from "../../model/sandbox-cookies.ts";
import type { Alters } from "./alters.ts";
import type { Door } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import { mapped } from "./fields.ts";
import { requestFields } from "./headers.ts";
import type { RawHeaders, UpstreamHead } from "./upstream/upstream.ts";

export function fieldsFor(exchange: Exchange, app: PlannedApp, { token }: Door): RawHeaders {
  const fields = requestFields(exchange, token);
  if (exchange.alters) return exchange.alters.request(fields);
  const { sandboxes } = app;
  if (!sandboxes) return fields;
  return mapped(fields, (name, value) =>
    name === "cookie" ? cookiesNamed(value, sandboxes.cookies) : value,
  );
}

/** The same answer with other fields. */
export function altered<T extends UpstreamHead>(answer: T, alters: Alters): T {
  return { ...answer, headers: alters.answer(answer) };
}
