/*
 * Settings -> Plan. Pure; a person's mistakes come out as GenkanErrors, and nothing is applied then.
 */
import type { GenkanError } from "../kernel/errors.ts";
import { modelErrors } from "./errors.ts";
import { PORTAL_HOSTS, type Plan, type PlannedApp, type Route } from "./plan.ts";
import { domainFor, isInScope, type Scope } from "./scope.ts";
import type { AppSettings } from "./settings.ts";

/** Name -> the name that stands in for it, because another machine on the network has it. */
export type Renames = ReadonlyMap<string, string>;

/**
 * @param scope what the authority may vouch for; undefined where it has no limits.
 * @param renames names that stand in come first, being those that work; the others stay for who finds them.
 * @throws NAME_RESERVED, NAME_TAKEN, NAME_OUT_OF_SCOPE
 */
export function compile(
  apps: readonly AppSettings[],
  scope: Scope | undefined,
  renames: Renames = new Map(),
): Plan {
  const [clash] = findClashes(apps);
  if (clash) throw clashError(clash);
  const asked = apps.map(planApp);
  const taken = new Set([...PORTAL_HOSTS, ...asked.flatMap(({ hosts }) => hosts)]);
  const rename = (hosts: readonly string[]): string[] => withStandIns(hosts, renames, taken);
  const planned = asked.map((app) => ({ ...app, hosts: rename(app.hosts) }));
  const routes = new Map<string, Route>();
  for (const host of rename(PORTAL_HOSTS)) routes.set(host, { kind: "portal", host });
  for (const app of planned) {
    for (const host of app.hosts) {
      if (scope && !isInScope(scope, host)) {
        throw modelErrors.NAME_OUT_OF_SCOPE({ host, scope: scope.dns, domain: domainFor(host) });
      }
      routes.set(host, { kind: "app", host, app });
    }
  }
  return { apps: planned, routes };
}

/** A name the person gave is never given away: a stand-in that is somebody's name is left out. */
function withStandIns(
  hosts: readonly string[],
  renames: Renames,
  taken: ReadonlySet<string>,
): string[] {
  return hosts.flatMap((host) => {
    const instead = renames.get(host);
    return instead === undefined || taken.has(instead) ? [host] : [instead, host];
  });
}

/** A name that an app asks for and cannot have. */
export interface Clash {
  readonly host: string;
  /** Who has it already: an app, or undefined for the door itself. */
  readonly first: string | undefined;
  /** The app that asks for it too. */
  readonly second: string;
}

/** Every name that is asked for twice, in the order of the apps. */
export function findClashes(apps: readonly AppSettings[]): readonly Clash[] {
  const owners = new Map<string, string | undefined>();
  for (const host of PORTAL_HOSTS) owners.set(host, undefined);
  const clashes: Clash[] = [];
  for (const { name: second, hosts } of apps.map(planApp)) {
    for (const host of hosts) {
      if (owners.has(host)) clashes.push({ host, first: owners.get(host), second });
      else owners.set(host, second);
    }
  }
  return clashes;
}

/** The clash in words. */
export function clashError({ host, first, second }: Clash): GenkanError {
  return first === undefined
    ? modelErrors.NAME_RESERVED({ host, app: second })
    : modelErrors.NAME_TAKEN({ host, first, second });
}

/**
 * `<name>.local` for the household, then what the person added, then `<name>.localhost`: browsers
 * take that to this machine without any set-up (RFC 6761 section 6.3).
 */
function planApp({ hosts, ...app }: AppSettings): PlannedApp {
  const all = new Set([`${app.name}.local`, ...hosts, `${app.name}.localhost`]);
  return { ...app, hosts: [...all] };
}
