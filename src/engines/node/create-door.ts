/*
 * Makes what the steps ask, and puts a new plan in its place. Called by the engine and by the relay, whose
 * requests walk the same steps.
 */
import type { Log } from "../../kernel/log.ts";
import { newlyClosed } from "../../model/diff.ts";
import type { Plan } from "../../model/plan.ts";
import type { AnswerRewriter, Gate, Pages } from "../needs.ts";
import { createBodyWatch } from "./body-watch.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limits.ts";
import { createPresence } from "./presence.ts";
import { refuse } from "./steps.ts";
import { createTraffic } from "./traffic.ts";
import { createTunnels } from "./tunnels.ts";
import type { UpstreamClient } from "./upstream/upstream.ts";

export interface DoorWiring {
  readonly pages: Pages;
  /** Who may open what. */
  readonly gate: Gate;
  readonly upstream: UpstreamClient;
  readonly log: Log;
  /** This door's own name among doors, a token (RFC 9110 section 5.6.2): by it a loop is found. */
  readonly instance: string;
  /** Rewrites answers that name ports of sandboxes; without it all answers pass as they are. */
  readonly rewriter?: AnswerRewriter | undefined;
}

const EMPTY: Plan = { apps: [], routes: new Map() };

export function createDoor(wiring: DoorWiring, limits: Limits): Door {
  const { pages, gate, upstream, log, instance, rewriter } = wiring;
  const door: Door = {
    plan: EMPTY,
    pages,
    gate,
    upstream,
    rewriter,
    log,
    limits,
    token: `genkan-${instance}`,
    traffic: createTraffic(),
    tunnels: createTunnels(),
    ofDevice: createPresence(),
    ofApp: createPresence(),
    bodyWatch: createBodyWatch(limits, (exchange) => {
      const why = "the visitor stopped within its request";
      refuse(exchange, door, { ...STALLED, why });
    }),
  };
  gate.onEnd((device) => door.ofDevice.end(device)); // for good: gate and door close together
  return door;
}

const STALLED = {
  status: 408,
  code: "DOOR_REQUEST_TIMEOUT",
  blame: "visitor",
  close: true,
} as const;

/** Requests to come go by this plan. What was let into an app that fewer may open now is broken off: it may ask again. */
export function adopt(door: Door, plan: Plan): void {
  const closed = newlyClosed(door.plan, plan);
  door.plan = plan;
  for (const { name } of closed) door.ofApp.end(name);
}

/** Makes the plan true: for requests to come at once, and for WebSockets of apps that are gone. */
export function follow(door: Door, plan: Plan): void {
  adopt(door, plan);
  door.tunnels.keepOnly(new Set(plan.apps.map((app) => app.name)));
  door.upstream.keepOnly(plan.apps.map((app) => app.upstream));
}
