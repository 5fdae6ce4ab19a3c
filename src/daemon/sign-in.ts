/*
 * What the portal's pages of sign-in need, put together. Called once by compose.ts; undefined where nobody
 * can be let in, and then there are no such pages.
 */
import { NONCE_COOKIE, noCookie, ownCookie, sessionCookie } from "../access/cookies.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import { IDLE_LIMIT } from "../access/sessions.ts";
import type { OpenSandboxPort } from "../engines/needs.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Plan } from "../model/plan.ts";
import type { SignInNeeds } from "../portal/sign-in/needs.ts";
import type { DoorAccess } from "./access.ts";
import { isReachable } from "./reachable.ts";

export interface SignInSources {
  readonly clock: Clock;
  readonly plan: () => Plan | undefined;
  /** Ports that are open for sandboxes. */
  readonly ports: () => readonly OpenSandboxPort[];
}

export function signInFor(
  door: DoorAccess,
  { clock, plan, ports }: SignInSources,
): SignInNeeds | undefined {
  if (door.is !== "open") return undefined;
  return {
    access: door.access,
    plan,
    hasSandboxAt(host, port) {
      const route = plan()?.routes.get(host);
      if (route?.kind !== "app") return false;
      return ports().some((open) => open.doorPort === port && open.place.app === route.app.name);
    },
    now: clock.now,
    isUp: ({ upstream }) => isReachable(upstream),
    cookies: {
      sessionIn: (fields) => ownCookie(fields, SESSION_COOKIE),
      nonceIn: (fields) => ownCookie(fields, NONCE_COOKIE),
      session: (token) => sessionCookie(token, IDLE_LIMIT / 1000),
      noSession: noCookie(SESSION_COOKIE),
      noNonce: noCookie(NONCE_COOKIE),
    },
  };
}
