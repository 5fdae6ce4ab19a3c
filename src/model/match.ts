/*
 * (plan, host) -> route. One lookup, whatever the number of apps.
 */
import { isIpAddress } from "./hostname.ts";
import type { Plan, Route } from "./plan.ts";

/** The route for a host in its one spelling (parseAuthority's), or undefined: the door knows no such name. */
export function match(plan: Plan, host: string): Route | undefined {
  const route = plan.routes.get(host);
  if (route) return route;
  // https://ADDRESS shows the portal: the way in where names do not resolve yet.
  return isIpAddress(host) ? { kind: "portal", host } : undefined;
}
