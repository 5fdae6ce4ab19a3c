/*
 * Settings -> Plan. Pure; a person's mistakes come out as GenkanErrors, and nothing is applied then.
 */
import { modelErrors } from "./errors.ts";
import { PORTAL_HOSTS, type Plan, type PlannedApp, type Route } from "./plan.ts";
import { isInScope, type Scope } from "./scope.ts";
import type { AppSettings } from "./settings.ts";

/**
 * @param scope what the authority may vouch for; undefined where it has no limits.
 * @throws NAME_TAKEN, NAME_OUT_OF_SCOPE
 */
export function compile(apps: readonly AppSettings[], scope: Scope | undefined): Plan {
  const planned = apps.map(planApp);
  const routes = new Map<string, Route>();
  for (const host of PORTAL_HOSTS) routes.set(host, { kind: "portal", host });
  for (const app of planned) {
    for (const host of app.hosts) {
      const earlier = routes.get(host);
      if (earlier) {
        const first = earlier.kind === "app" ? earlier.app.name : "the door itself";
        throw modelErrors.NAME_TAKEN({ host, first, second: app.name });
      }
      if (!isInScope(scope, host)) {
        throw modelErrors.NAME_OUT_OF_SCOPE({ host, scope: scope?.dns ?? [] });
      }
      routes.set(host, { kind: "app", host, app });
    }
  }
  return { apps: planned, routes };
}

/**
 * `<name>.local` for the household, then what the person added, then `<name>.localhost`: browsers
 * take that to this machine without any set-up (RFC 6761 section 6.3).
 */
function planApp({ name, hosts, upstream, access }: AppSettings): PlannedApp {
  const all = new Set([`${name}.local`, ...hosts, `${name}.localhost`]);
  return { name, hosts: [...all], upstream, access };
}
