/*
 * Which ports are never opened, whoever names them. Called by whereabouts.ts before anything is dialled.
 */
import type { NamedPlace } from "../../apps/openhands/place.ts";
import type { GenkanError } from "../../kernel/errors.ts";
import type { Plan, PlannedApp } from "../../model/plan.ts";
import type { Interfaces } from "../../platform/network.ts";
import { sandboxErrors } from "./errors.ts";
import { isOnThisMachine, isThisMachine } from "./machine.ts";
import type { SandboxesNeeds } from "./needs.ts";

export interface Naming {
  /** Whose answer names it. */
  readonly app: PlannedApp;
  readonly place: NamedPlace;
  readonly plan: Plan;
  readonly interfaces: Interfaces;
}

/** Why a named port is not opened, as far as can be told without looking for it; undefined where it may be. */
export function refusalOf(
  naming: Naming,
  listen: SandboxesNeeds["listen"],
): GenkanError | undefined {
  const { app, place } = naming;
  const { host, port, kind } = place;
  const about = { app: app.name, port };
  if (!place.isInRange) return sandboxErrors.SANDBOX_PORT_OUT_OF_RANGE({ ...about, kind });
  if (!isWhereTheAppIs(naming)) return sandboxErrors.SANDBOX_ELSEWHERE({ ...about, host });
  const isDoors = port === listen.httpsPort || port === listen.httpPort;
  if (isDoors || isOfAnApp(naming)) return sandboxErrors.SANDBOX_PORT_NOT_A_SANDBOX(about);
  return undefined;
}

/** `localhost` is said on the app's own machine; the person may have had it say an address or the app's name instead. */
function isWhereTheAppIs({ app, place, interfaces }: Naming): boolean {
  const { host } = place;
  if (/^(?:localhost|127\.0\.0\.1|::1|0\.0\.0\.0)$/.test(host)) return true;
  if (host === app.upstream.host || app.hosts.includes(host)) return true;
  return isOnThisMachine(app.upstream.host, interfaces) && isThisMachine(host, interfaces);
}

/** Another app of the door, or the one itself: those have names of their own, and terms of who may open them. */
function isOfAnApp({ app, place, plan, interfaces }: Naming): boolean {
  const isLocal = isOnThisMachine(app.upstream.host, interfaces);
  return plan.apps.some(({ upstream: { host, port } }) => {
    const isThere = isLocal ? isOnThisMachine(host, interfaces) : host === app.upstream.host;
    return port === place.port && isThere;
  });
}
