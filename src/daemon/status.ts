/*
 * What an open door says of itself.
 */
import type { Engine } from "../engines/engine.ts";
import type { GenkanError } from "../kernel/errors.ts";
import { VERSION } from "../kernel/version.ts";
import { type PlannedApp, portalHost } from "../model/plan.ts";
import { formatTarget } from "../model/target.ts";
import type { DeviceList } from "../portal/check/device-list.ts";
import type { DoorAccess } from "./access.ts";
import type { AppStatus, DoorStatus, SandboxStatus, TroubleReport } from "./control/protocol.ts";
import type { Names } from "./names.ts";
import { isReachable } from "./reachable.ts";
import type { Reconciler } from "./reconcile.ts";
import type { OpenSandbox } from "./sandboxes/open-sandbox.ts";
import { sandboxOrigin } from "./sandboxes/origin.ts";
import type { Sandboxes } from "./sandboxes/sandboxes.ts";

export interface StatusParts {
  readonly engine: Engine;
  readonly reconciler: Reconciler;
  readonly names: Names;
  readonly devices: DeviceList;
  readonly access: DoorAccess;
  readonly sandboxes: Pick<Sandboxes, "of" | "troubleOf">;
  readonly httpsPort: number;
  readonly root: DoorStatus["root"];
  readonly config: string;
  readonly docker: DoorStatus["docker"];
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Dials every app once to see whether it is there. */
export async function statusOf(parts: StatusParts): Promise<DoorStatus> {
  const {
    engine,
    reconciler,
    names,
    devices,
    access,
    httpsPort,
    root,
    config,
    pid,
    since,
    docker,
  } = parts;
  const apps = await Promise.all(reconciler.plan().apps.map((app) => appStatus(app, parts)));
  return {
    version: VERSION,
    pid,
    since,
    engine: engine.name,
    engineTrouble: troubleOf(engine, ""),
    portal: urlOf(portalHost(reconciler.plan()), httpsPort),
    listening: engine.listening(),
    apps,
    root,
    config,
    docker,
    devices: devices.all(),
    names: names.status(),
    accessTrouble: troubleReport(access.is === "closed" ? access.trouble : undefined),
    trouble: troubleReport(reconciler.trouble()),
    waiting: reconciler.waiting(),
  };
}

/** The address of a name at the door. */
function urlOf(host: string, httpsPort: number): string {
  return httpsPort === 443 ? `https://${host}` : `https://${host}:${httpsPort}`;
}

export function troubleReport(error: GenkanError | undefined): TroubleReport | undefined {
  return error && { code: error.code, message: error.message, fix: error.fix };
}

/** What the engine says of an app it left out, or of itself. */
function troubleOf(engine: Engine, app: string): TroubleReport | undefined {
  return troubleReport(engine.troubles?.().find((trouble) => trouble.app === app)?.error);
}

async function appStatus(
  app: PlannedApp,
  { engine, httpsPort, sandboxes }: StatusParts,
): Promise<AppStatus> {
  const traffic = engine.traffic().find((row) => row.app === app.name);
  const { requests = 0, active, webSockets = 0 } = traffic ?? {};
  return {
    name: app.name,
    url: urlOf(app.hosts[0] ?? app.name, httpsPort),
    hosts: app.hosts,
    upstream: formatTarget(app.upstream),
    access: app.access,
    preset: app.preset,
    from: app.from,
    reachable: await isReachable(app.upstream),
    requests,
    active,
    webSockets,
    trouble: troubleOf(engine, app.name),
    sandboxes: sandboxes.of(app.name).map((each) => sandboxStatus(each, app)),
    sandboxTrouble: troubleReport(sandboxes.troubleOf(app.name)),
  };
}

function sandboxStatus(
  { port, doorPort, kind, generation, upstream }: OpenSandbox,
  app: PlannedApp,
): SandboxStatus {
  const url = sandboxOrigin({ host: app.hosts[0] ?? app.name }, doorPort);
  return { port, doorPort, url, kind, generation, upstream: formatTarget(upstream) };
}
