/*
 * What tells the generations of OpenHands apart: bodies, never statuses, for every unknown path of theirs is the page
 * with 200. Read by the preset, which asks the app itself, and by the readiness probe, which goes through the door. Pure.
 *
 * 0.36: V0:openhands/server/{app,listen}.py and routes/: `/health` is "OK", `/api/options/config` has APP_MODE; no
 *   `/alive`. Later 0.x have `/alive` too and the same two routes.
 * 1.x: V1dev:openhands/app_server/app_conversation/app_conversation_router.py, `/api/v1/app-conversations/count`, a number.
 * Agent Canvas: SDK:openhands-agent-server/server_details_router.py, `/server_info` with its title, behind the page of
 *   @openhands/agent-canvas. A sandbox's agent-server alone has no such page.
 */
import { field } from "./probe/wire.ts";

export const ROUTES = {
  info: "/server_info",
  health: "/health",
  alive: "/alive",
  count: "/api/v1/app-conversations/count",
  config: "/api/options/config",
} as const;

/** What to ask, beside the page; in this order an answer that is still missing never makes another generation of it. */
export const ASKS: readonly string[] = Object.values(ROUTES);

/** In the title of its first page, whichever generation. */
export const PAGE = /<title>[^<]*OpenHands/i;

export interface Bodies {
  /** Of the first page. */
  readonly page: string;
  /** By path; undefined where it was not asked, or answered no JSON. */
  readonly json: (path: string) => unknown;
}

/** `0.x` is a later one than 0.36. Undefined where it is no OpenHands, or not enough was asked. */
export function generationIn({ page, json }: Bodies): "0.36" | "0.x" | "1" | "canvas" | undefined {
  if (!PAGE.test(page)) return undefined;
  if (field(json(ROUTES.info), "title") === "OpenHands Agent Server") return "canvas";
  if (typeof json(ROUTES.count) === "number") return "1";
  const mode = field(json(ROUTES.config), "APP_MODE");
  if (json(ROUTES.health) !== "OK" || typeof mode !== "string") return undefined;
  return field(json(ROUTES.alive), "status") === "ok" ? "0.x" : "0.36";
}
