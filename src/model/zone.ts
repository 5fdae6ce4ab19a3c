/*
 * The zone of the DNS mode: a domain that is this machine's alone, under which every app gets a name.
 * Pure; the configuration reads it here, compose.ts adds the names.
 */
import { modelErrors } from "./errors.ts";
import { parseHostname } from "./hostname.ts";
import type { Plan } from "./plan.ts";
import { HOME_SCOPE } from "./scope.ts";
import type { AppSettings } from "./settings.ts";

/**
 * @throws HOST_INVALID; ZONE_IMPOSSIBLE where other machines have names, or other rules hold.
 */
export function parseZone(text: string): string {
  const zone = parseHostname(text);
  const why = whyNoZone(zone);
  if (why === undefined) return zone;
  throw modelErrors.ZONE_IMPOSSIBLE({ zone: text, why });
}

/** The apps, each with its name in the zone beside those it has; as they are where there is no zone. */
export function withZone(
  apps: readonly AppSettings[],
  zone: string | undefined,
): readonly AppSettings[] {
  if (zone === undefined) return apps;
  return apps.map((app) => ({ ...app, hosts: [...app.hosts, `${app.name}.${zone}`] }));
}

/** The plan with the portal's name in the zone: who finds apps there may find nothing under `local` to sign in at. */
export function withPortalInZone(plan: Plan, zone: string | undefined): Plan {
  const host = `genkan.${zone}`;
  if (zone === undefined || plan.routes.has(host)) return plan;
  return { ...plan, routes: new Map([...plan.routes, [host, { kind: "portal", host }]]) };
}

function whyNoZone(zone: string): string | undefined {
  if (/(?:^|\.)localhost$/.test(zone)) return "names under localhost never leave a machine";
  if (/(?:^|\.)local$/.test(zone)) return "names under local are mDNS's, which needs no zone";
  const isShared = HOME_SCOPE.dns.includes(zone) || !zone.includes(".");
  return isShared ? "the names of other machines are under it, too" : undefined;
}
