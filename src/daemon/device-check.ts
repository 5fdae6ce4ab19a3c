/*
 * What checking a device needs, put together: certificates for the two ports of the trial, the list of
 * devices, and where the door's pages are shown. Called once by compose.ts.
 */
import { join } from "node:path";
import type { ListenSpec } from "../engines/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Lifecycle } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import { VERSION } from "../kernel/version.ts";
import { isIpAddress } from "../model/hostname.ts";
import { PORTAL_HOSTS, type Plan } from "../model/plan.ts";
import { machineAddresses } from "../platform/network.ts";
import type { Paths } from "../platform/paths.ts";
import type { Authority } from "../pki/authority.ts";
import type { LeafVault } from "../pki/vault.ts";
import { openDeviceList } from "../portal/check/device-list.ts";
import { type LimitsPorts, openLimitsPorts } from "../portal/check/limits-ports.ts";
import type { CheckNeeds } from "../portal/check/mount.ts";
import { originOf, placeOf } from "./shown-address.ts";

export interface DeviceCheckSpec {
  readonly authority: Authority;
  readonly leaves: LeafVault;
  readonly listen: ListenSpec;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly log: Log;
  /** The plan in force, once there is one. */
  readonly plan: () => Plan | undefined;
}

export async function openDeviceCheck(
  spec: DeviceCheckSpec,
  parts: Lifecycle,
): Promise<CheckNeeds> {
  const { authority, leaves, listen, paths, clock, log } = spec;
  const path = join(paths.state, "devices-checked.json");
  const plainOrigins = (): string[] =>
    [...ownNames(spec), ...machineAddresses()].map((host) =>
      originOf("http", host, listen.httpPort),
    );
  const ports = await openPorts(spec, plainOrigins);
  if (ports) parts.add("limits-ports", ports);
  return {
    version: VERSION,
    now: clock.now,
    place: () => placeOf(listen, spec.plan()),
    plainOrigins,
    certificate: (host) => (isIpAddress(host) ? leaves.leafForAddresses() : leaves.leafFor(host)),
    ports,
    hasLimits: authority.canary !== undefined,
    devices: parts.add("devices-checked", await openDeviceList({ path, log })),
  };
}

/** Without them a device can be checked all the same, as far as it goes: they must not keep the door closed. */
async function openPorts(
  spec: DeviceCheckSpec,
  plainOrigins: () => readonly string[],
): Promise<LimitsPorts | undefined> {
  const { authority, listen, clock, log } = spec;
  const wiring = {
    addresses: listen.addresses,
    isOwn: (name: string) => ownNames(spec).includes(name),
    witness: (name: string) => authority.issue({ dns: [name] }),
    canary: authority.canary,
    plainOrigins,
    clock,
    log,
  };
  try {
    return await openLimitsPorts(wiring);
  } catch (thrown) {
    log.warn("limits-ports.not-opened", { why: messageOf(thrown) });
    return undefined;
  }
}

/** Names of the door's own pages. */
function ownNames({ plan }: DeviceCheckSpec): readonly string[] {
  const routes = [...(plan()?.routes.values() ?? [])];
  const names = routes.filter(({ kind }) => kind === "portal").map(({ host }) => host);
  return names.length > 0 ? names : PORTAL_HOSTS;
}
