/*
 * Every feature's checks, gathered for doctor: the list is made from what is here (which stores,
 * which apps), and each check asks the world when it is run.
 */
import { networkInterfaces } from "node:os";
import { keyFileIn } from "../apps/openhands-run/folders.ts";
import { presetChecks } from "../apps/preset-checks.ts";
import { accessChecks, type DoorFacts } from "../access/checks.ts";
import { loadConfig } from "../config/load.ts";
import { nginxChecks, type NginxTrouble } from "../engines/nginx/checks.ts";
import { findNginx } from "../engines/nginx/find.ts";
import { discoveryChecks } from "../discovery/checks.ts";
import type { Check } from "../kernel/check.ts";
import type { Clock } from "../kernel/clock.ts";
import { GenkanError } from "../kernel/errors.ts";
import { silentLog } from "../kernel/log.ts";
import { isOpenHands } from "../model/preset.ts";
import type { Settings } from "../model/settings.ts";
import { parseTarget } from "../model/target.ts";
import { namingChecks } from "../naming/checks.ts";
import { chooseLinks } from "../naming/links.ts";
import { platformChecks } from "../platform/checks.ts";
import type { Host } from "../platform/host.ts";
import { listListening } from "../platform/listening.ts";
import { machineAddresses } from "../platform/network.ts";
import type { Paths } from "../platform/paths.ts";
import type { Run } from "../platform/run.ts";
import { pkiChecks } from "../pki/checks.ts";
import { trustChecks } from "../trust/checks.ts";
import { storesFor } from "../trust/stores.ts";
import { appChecks } from "./app-checks.ts";
import { findAuthority } from "./authority.ts";
import { doorChecks } from "./checks.ts";
import { doorControl, statusIfOpen } from "./control/client.ts";
import type { AppStatus, DoorStatus } from "./control/protocol.ts";
import { checksOfDns } from "./dns.ts";
import { daemonErrors } from "./errors.ts";
import { checksOfOpenHands, type Probe } from "./probing/openhands-checks.ts";
import { checksOfSandboxes } from "./sandbox-checks.ts";

export interface DiagnoseWorld {
  readonly host: Host;
  readonly paths: Paths;
  readonly run: Run;
  readonly clock: Clock;
}

/** The one app to look at, and how deep. */
export interface Asked {
  readonly name: string;
  readonly probe: Probe;
}

/**
 * @param asked every app unless told.
 * @throws APP_NOT_AT_DOOR for a name the open door does not know; DEEP_FOR_OPENHANDS.
 */
export async function gatherChecks(world: DiagnoseWorld, asked?: Asked): Promise<Check[]> {
  const { host, paths, run, clock } = world;
  const status = await statusIfOpen(paths);
  const apps = appsAsked(status, asked);
  const settings = await readableSettings(paths);
  const authority = authorityOf(world, settings);
  const rootPem = await readableRoot(authority);
  const load = () => loadConfig(paths.config);
  return [
    ...platformChecks(world),
    ...pkiChecks({ open: authority, dir: paths.pki, host, clock }),
    ...doorChecks({ status, rootPem, now: clock.now, loadConfig: load }),
    ...engineChecks(world, status, settings),
    ...apps.flatMap((app) =>
      status && rootPem !== undefined ? checksOfApp(app, world, { status, rootPem, asked }) : [],
    ),
    ...nameChecks(world, status),
    ...discoveryChecks(status?.docker),
    ...zoneChecks(status, settings),
    ...accessChecks({ dir: paths.access, now: clock.now, door: await accessFacts(paths, status) }),
    // Last: what this machine's browsers say matters once the door itself is well.
    ...trustChecks({
      root: async () => (await authority())?.root,
      stores: () => storesFor({ host, run }),
    }),
  ];
}

/** The one that was asked for, or all; none where no door is open. */
function appsAsked(status: DoorStatus | undefined, asked: Asked | undefined): readonly AppStatus[] {
  if (!status) return [];
  if (asked === undefined) return status.apps;
  const { name, probe } = asked;
  const app = status.apps.find((each) => each.name === name);
  if (!app) {
    throw daemonErrors.APP_NOT_AT_DOOR({ name, names: status.apps.map((each) => each.name) });
  }
  if (probe.isDeep && !isOpenHands(app.preset)) throw daemonErrors.DEEP_FOR_OPENHANDS({ name });
  return [app];
}

type FindAuthority = () => ReturnType<typeof findAuthority>;

function authorityOf(world: DiagnoseWorld, settings: Settings | undefined): FindAuthority {
  const kind = settings?.authority ?? "own";
  return () => findAuthority({ authority: kind }, { ...world, log: silentLog });
}

/** A damaged authority is a finding of its own check; the others do without. */
function readableRoot(authority: FindAuthority): Promise<string | undefined> {
  return authority().then(
    (found) => found?.root.pem,
    () => undefined,
  );
}

/** Of an app Genkan knows more of than where it listens. */
function checksOfPreset({ name, preset, upstream, url, hosts, access }: AppStatus): Check[] {
  // Names under localhost never leave this machine; nobody tells an app of them.
  const shown = hosts.filter((host) => !host.endsWith(".localhost"));
  const at = { origin: url, hosts: shown, access };
  return presetChecks({ name, preset, upstream: parseTarget(upstream), at });
}

function checksOfApp(
  app: AppStatus,
  { host, run, paths }: DiagnoseWorld,
  door: { status: DoorStatus; rootPem: string; asked: Asked | undefined },
): Check[] {
  const { status, rootPem, asked } = door;
  const hands = { host, run };
  const interfaces = networkInterfaces();
  const openHands = checksOfOpenHands(app, {
    status,
    rootPem,
    hands,
    keyFile: keyFileIn(paths.state),
    interfaces,
    probe: asked?.probe,
  });
  const listening = () => listListening(hands);
  const general = appChecks(app, { status, rootPem, listening, machineAddresses });
  // OpenHands says itself, and louder, what it is to be reached around the door.
  const isSaid = (id: string): boolean => openHands.length > 0 && id === `app.${app.name}.around`;
  return [
    ...general.filter(({ id }) => !isSaid(id)),
    ...checksOfPreset(app),
    ...openHands,
    ...checksOfSandboxes(app, hands, interfaces),
  ];
}

/** Of the engine that is in use, or would be. */
function engineChecks(
  { host, run }: DiagnoseWorld,
  status: DoorStatus | undefined,
  settings: Settings | undefined,
): Check[] {
  if ((status?.engine ?? settings?.engine) !== "nginx") return [];
  const find = () => findNginx(host, run);
  return nginxChecks({ find, troubles: status && engineTroubles(status) });
}

function engineTroubles({ apps, engineTrouble }: DoorStatus): NginxTrouble[] {
  const own = engineTrouble ? [{ app: "", ...engineTrouble }] : [];
  return [
    ...own,
    ...apps.flatMap(({ name, trouble }) => (trouble ? [{ app: name, ...trouble }] : [])),
  ];
}

/** Of the names an open door announces. */
function nameChecks({ host }: DiagnoseWorld, status: DoorStatus | undefined): Check[] {
  if (!status) return [];
  const listening = status.listening.map(({ address }) => address);
  return namingChecks({
    status: status.names,
    links: chooseLinks(networkInterfaces(), listening),
    zonesAreNumbers: host.os === "windows",
    machineAddresses,
  });
}

/** What the open door alone knows of who is let in. */
async function accessFacts(
  paths: Paths,
  status: DoorStatus | undefined,
): Promise<DoorFacts | undefined> {
  if (!status) return undefined;
  const trouble = status.accessTrouble;
  const asks = status.apps.some(({ access }) => access !== "open");
  // Where it cannot read who is let in, it has nothing to say of them.
  const report = trouble ? undefined : await doorControl(paths).access.devices();
  return { trouble, asks, lockedMs: report?.lockedMs ?? 0 };
}

/** Of the DNS mode, where there is one. */
function zoneChecks(status: DoorStatus | undefined, settings: Settings | undefined): Check[] {
  if (!settings?.dns) return [];
  const listening = status?.listening.map(({ address }) => address) ?? settings.addresses;
  const names = status?.apps.flatMap((app) => app.hosts) ?? [];
  return checksOfDns(settings.dns, listening, names);
}

/** A broken configuration is a finding of its own; the authority is then looked for where it usually is. */
async function readableSettings(paths: Paths): Promise<Settings | undefined> {
  try {
    return (await loadConfig(paths.config)).settings;
  } catch (thrown) {
    if (thrown instanceof GenkanError) return undefined;
    throw thrown;
  }
}
