/*
 * What the steps may ask while a request walks through them. The engine owns it and puts a new plan
 * in its place; a request reads the plan once, so it never sees two.
 */
import type { Log } from "../../kernel/log.ts";
import type { Plan } from "../../model/plan.ts";
import type { AnswerRewriter, Gate, Pages } from "../needs.ts";
import type { BodyWatch } from "./body-watch.ts";
import type { Limits } from "./limits.ts";
import type { Presence } from "./presence.ts";
import type { Traffic } from "./traffic.ts";
import type { Tunnels } from "./tunnels.ts";
import type { UpstreamClient } from "./upstream/upstream.ts";

export interface Door {
  plan: Plan;
  readonly pages: Pages;
  readonly gate: Gate;
  readonly upstream: UpstreamClient;
  readonly rewriter: AnswerRewriter | undefined;
  readonly log: Log;
  /** What one head, or one set of trailer fields, may be. */
  readonly limits: Pick<Limits, "headerListFields" | "headerListBytes">;
  /** The door's own member of CDN-Loop. */
  readonly token: string;
  readonly traffic: Traffic;
  readonly tunnels: Tunnels;
  /** By device, and by app. */
  readonly ofDevice: Presence;
  readonly ofApp: Presence;
  readonly bodyWatch: BodyWatch;
}
