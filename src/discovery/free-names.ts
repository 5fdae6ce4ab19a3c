/*
 * Which discovered apps can have the names they ask for. The person's own apps always win; among containers the
 * first by name does. Pure; the wiring calls it with every plan.
 */
import { clashError, findClashes } from "../model/compile.ts";
import { isInScope, type Scope } from "../model/scope.ts";
import type { AppSettings } from "../model/settings.ts";
import type { Candidates, ContainerTrouble, DiscoveredApp } from "./candidates.ts";
import { discoveryErrors } from "./errors.ts";

/** @param own apps of the file and the command line. */
export function withFreeNames(
  own: readonly AppSettings[],
  found: Candidates,
  scope: Scope | undefined,
): Candidates {
  const troubles: ContainerTrouble[] = [...found.troubles];
  const inScope = found.apps.map((app) => withinScope(app, scope, troubles));
  const names = new Set(own.map(({ name }) => name));
  const kept: DiscoveredApp[] = [];
  for (const app of inScope) {
    const { name, container } = app;
    if (names.has(name)) troubles.push(taken(container, `${name}.local`, `the app ${name}`));
    else kept.push(app);
    names.add(name);
  }
  const containers = new Map(kept.map(({ name, container }) => [name, container]));
  const refused = new Set<string>();
  for (const clash of findClashes([...own, ...kept])) {
    const container = containers.get(clash.second);
    if (container === undefined) throw clashError(clash); // the person's own apps: compile would say the same
    if (refused.has(clash.second)) continue;
    refused.add(clash.second);
    const first = clash.first === undefined ? "the door's own" : `a name of the app ${clash.first}`;
    troubles.push(taken(container, clash.host, first));
  }
  return { apps: kept.filter(({ name }) => !refused.has(name)), troubles };
}

function taken(container: string, host: string, first: string): ContainerTrouble {
  return { container, error: discoveryErrors.CONTAINER_NAME_TAKEN({ container, host, first }) };
}

/** The app without names nobody may vouch for. */
function withinScope(
  app: DiscoveredApp,
  scope: Scope | undefined,
  troubles: ContainerTrouble[],
): DiscoveredApp {
  if (scope === undefined) return app;
  const { container } = app;
  const out = app.hosts.find((host) => !isInScope(scope, host));
  if (out === undefined) return app;
  const said = { container, host: out, scope: scope.dns.join(", ") };
  troubles.push({ container, error: discoveryErrors.CONTAINER_OUT_OF_SCOPE(said) });
  return { ...app, hosts: app.hosts.filter((host) => isInScope(scope, host)) };
}
