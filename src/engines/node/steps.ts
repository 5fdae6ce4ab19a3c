/*
 * The walk of a request, to be read from top to bottom. A step lets it go on (undefined), refuses it,
 * or answers it (a promise). Also here: how a walk that went wrong is told to the visitor and the log.
 */
import { messageOf } from "../../kernel/errors.ts";
import type { Problem } from "../needs.ts";
import type { Door } from "./door.ts";
import type { Exchange } from "./exchange.ts";
import { type Refusal, refusalFor } from "./failure.ts";
import { valuesOf } from "./fields.ts";
import { admit } from "./steps/admit.ts";
import { findRoute } from "./steps/find-route.ts";
import { forward } from "./steps/forward.ts";
import { guard } from "./steps/guard.ts";
import { hosted } from "./steps/hosted.ts";
import { identify } from "./steps/identify.ts";

export type Step = (exchange: Exchange, door: Door) => Promise<void> | Refusal | undefined;

const STEPS: readonly Step[] = [identify, findRoute, guard, hosted, admit, forward];

/** Takes an exchange from its arrival to its answer. Never throws. @param steps others than those for names of the plan. */
export function walk(exchange: Exchange, door: Door, steps: readonly Step[] = STEPS): void {
  if (exchange.asks === "answer") exchange.visitor.onOver(door.traffic.begin());
  exchange.visitor.onOver(() => noteEnd(exchange, door));
  try {
    for (const step of steps) {
      const outcome = step(exchange, door);
      if (outcome === undefined) continue;
      if (!(outcome instanceof Promise)) return refuse(exchange, door, outcome);
      outcome.catch((thrown: unknown) => fail(exchange, door, thrown));
      return;
    }
  } catch (thrown) {
    fail(exchange, door, thrown);
  }
}

/** Answers with a problem, on a page or as JSON, under the id that is in the log. Never throws. */
export function refuse(exchange: Exchange, door: Door, refusal: Refusal): void {
  const { visitor, headers } = exchange;
  note(exchange, door, refusal);
  try {
    const page = door.pages.problem(problemOf(exchange, refusal), valuesOf(headers, "accept")[0]);
    visitor.reply({ status: refusal.status, close: refusal.close ?? false, ...page });
  } catch (thrown) {
    const why = `the page for ${refusal.code} failed: ${messageOf(thrown)}`;
    note(exchange, door, { status: 500, code: "DOOR_ERROR", blame: "door", why });
    visitor.breakOff();
  }
}

function problemOf(
  { id, route, method }: Exchange,
  { status, code, blame, why }: Refusal,
): Problem {
  const app = route?.kind === "app" && blame !== "visitor" ? route.app : undefined;
  return {
    status,
    code,
    blame,
    id,
    method,
    ...(blame === "app" ? { why } : {}),
    ...(app ? { app: { name: app.name, upstream: app.upstream } } : {}),
  };
}

/** What was thrown on the way. Behind the head of an answer nothing can be said any more, only broken off. */
function fail(exchange: Exchange, door: Door, thrown: unknown): void {
  const { visitor } = exchange;
  const hasBegun = visitor.status !== undefined;
  const refusal = refusalFor(thrown, hasBegun ? "content" : "head");
  if (visitor.signal.aborted) return;
  if (refusal && !hasBegun) {
    refuse(exchange, door, refusal);
    return;
  }
  if (refusal) note(exchange, door, refusal);
  visitor.breakOff();
}

function note(exchange: Exchange, door: Door, { blame, code, why }: Refusal): void {
  const fields = { ...namesOf(exchange), code, why };
  if (blame === "visitor") door.log.info("exchange.failed", fields);
  else door.log.warn("exchange.failed", fields);
}

/** `status` is undefined where the visitor left before there was one. */
function noteEnd(exchange: Exchange, door: Door): void {
  door.log.debug("exchange.ended", () => {
    const { method, startedAt, visitor } = exchange;
    const ms = Math.round(performance.now() - startedAt);
    return { ...namesOf(exchange), method, status: visitor.status, ms };
  });
}

/** Never the path or the query: they hold people's secrets. */
function namesOf({ id, route, host }: Exchange): {
  id: string;
  app: string | undefined;
  host: string;
} {
  return { id, app: route?.kind === "app" ? route.app.name : undefined, host };
}
