/*
 * Devices and tokens as the command line is told of them: times in words, no secrets, nor their hashes. Also
 * read from the disk, where no door is open that could be asked; nothing is written then.
 */
import { join } from "node:path";
import { type Device, type Devices, openDevices } from "../access/devices.ts";
import { openTokens, type Token } from "../access/tokens.ts";
import type { DeviceReport, DevicesReport, TokenReport } from "./control/access-protocol.ts";

/** @param isAlive whether it may come in: neither its time is over, nor that of the device it came in through. */
export function deviceReport(device: Device, isAlive: boolean): DeviceReport {
  const { id, name, kind, role, addresses, apps, expires, through } = device;
  return {
    id,
    name,
    kind,
    role,
    paired: iso(device.pairedAt),
    lastSeen: iso(device.lastSeen),
    addresses,
    apps,
    expires: isoOrNull(expires),
    through,
    ended: !isAlive,
  };
}

export function devicesReport(
  devices: Pick<Devices, "list" | "alive" | "hasOwner">,
  lockedMs: number,
): DevicesReport {
  const reportOf = (device: Device) => deviceReport(device, devices.alive(device.id) !== undefined);
  return { devices: devices.list().map(reportOf), hasOwner: devices.hasOwner(), lockedMs };
}

/** @param now by the wall clock: its time may be over, and nobody has seen it yet. */
export function tokenReport(token: Omit<Token, "id" | "hash">, now: number): TokenReport {
  const { name, apps, madeAt, lastSeen, expires, ended } = token;
  return {
    name,
    apps,
    made: iso(madeAt),
    lastSeen: iso(lastSeen),
    expires: isoOrNull(expires),
    ended: ended || (expires !== null && now >= expires),
  };
}

/** @param dir Paths.access. @throws ACCESS_STATE_DAMAGED, ACCESS_STATE_FOREIGN, FILE_NOT_READABLE */
export async function readDevices(dir: string, now: number): Promise<DevicesReport> {
  const devices = await openDevices(join(dir, "devices.json"), () => now);
  return devicesReport(devices, 0); // a door that is closed takes digits from nobody anyway
}

/** @param dir Paths.access. @throws as readDevices */
export async function readTokens(dir: string, now: number): Promise<readonly TokenReport[]> {
  const tokens = await openTokens(join(dir, "tokens.json"), () => now);
  return tokens.list().map((token) => tokenReport(token, now));
}

/** A clock may have stood anywhere; what no calendar knows is shown as its beginning. */
function iso(ms: number): string {
  return new Date(Math.abs(ms) <= LAST_DATE ? ms : 0).toISOString();
}

/** ECMA-262 section 21.4.1.1. */
const LAST_DATE = 8.64e15;

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
