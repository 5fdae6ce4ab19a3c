/*
 * A device comes to be, by digits or by a passkey, together with its first session; where the disk fails,
 * neither does.
 */
import type { Log } from "../kernel/log.ts";
import { printable } from "../kernel/printable.ts";
import type { Device, Devices } from "./devices.ts";
import { ifPossible } from "./if-possible.ts";
import { newId } from "./secrets.ts";
import type { Sessions } from "./sessions.ts";

/** Longest name of a device. */
export const LONGEST_NAME = 60;

export type Newcomer = Pick<Device, "name" | "kind" | "role" | "expires" | "through"> & {
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

export function newDevice({ name, kind, address, now, ...rest }: Newcomer): Device {
  return {
    id: newId(),
    name: printable(name, LONGEST_NAME) || "device",
    kind: printable(kind, LONGEST_NAME),
    ...rest,
    pairedAt: now,
    lastSeen: now,
    ended: false,
    addresses: [address],
    apps: [],
  };
}

interface Stores {
  readonly devices: Pick<Devices, "add">;
  readonly sessions: Pick<Sessions, "begin" | "endAll">;
  readonly log: Log;
}

/**
 * The session first: without its device it opens nothing, so a cut in between lets nobody in.
 * @returns the session's token. @throws ACCESS_FULL, FILE_NOT_WRITABLE
 */
export async function letIn(
  { devices, sessions, log }: Stores,
  device: Device,
  host: string,
): Promise<string> {
  try {
    const token = await sessions.begin(device.id, host);
    await devices.add(device);
    return token;
  } catch (thrown) {
    // Sessions of a device that did not come to be; where that fails too, they open nothing.
    await ifPossible(log, () => sessions.endAll(device.id));
    throw thrown;
  }
}
