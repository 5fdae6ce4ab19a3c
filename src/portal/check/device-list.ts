/*
 * Which devices were checked, when, and what was not well with them: for the owner, in `genkan status`.
 * Anybody on the network may report, so a row holds no text of theirs, one address has a few rows only,
 * and the oldest go. Kept in a file of its own; no secret is in it.
 */
import type { Log } from "../../kernel/log.ts";
import { readIfThere, writeAtomic } from "../../platform/files.ts";
import type { Device } from "../device.ts";
import { ROWS, type Row, type State } from "./judge.ts";

export interface CheckedDevice {
  /** Tells it from others: a digest of the cookie it was given. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: Device | "other";
  /** Its address. */
  readonly from: string;
  readonly rows: Readonly<Record<Row, State>>;
}

export interface DeviceList {
  /** Newest first. */
  all(): readonly CheckedDevice[];
  /** Notes a device; a row of the same id is replaced. */
  note(device: CheckedDevice): void;
  /** When everything noted is on the disk. */
  stop(): Promise<void>;
}

export interface DeviceListPlace {
  readonly path: string;
  readonly log: Log;
}

const MOST = 100;
const MOST_OF_ONE_ADDRESS = 8;

/** Opens the list. One that cannot be read is begun anew: it is a help, and must not keep the door closed. */
export async function openDeviceList({ path, log }: DeviceListPlace): Promise<DeviceList> {
  let devices = await stored({ path, log });
  let saving: Promise<void> = Promise.resolve();
  let isDue = false;

  async function save(): Promise<void> {
    isDue = false;
    const text = `${JSON.stringify({ version: 1, devices }, null, 1)}\n`;
    await writeAtomic(path, text, { mode: 0o600 }).catch((why: unknown) =>
      log.warn("devices-checked.not-saved", { path, why }),
    );
  }
  return {
    all: () => devices,
    note(device) {
      devices = withDevice(devices, device);
      if (isDue) return; // the write that waits will take this one along
      isDue = true;
      saving = saving.then(save);
    },
    stop: () => saving,
  };
}

/** The list with a device in front; who crowds it crowds out their own. Pure. */
export function withDevice(
  devices: readonly CheckedDevice[],
  device: CheckedDevice,
): CheckedDevice[] {
  const others = devices.filter(({ id }) => id !== device.id);
  const same = others.filter(({ from }) => from === device.from);
  const tooMany = new Set(same.slice(MOST_OF_ONE_ADDRESS - 1));
  return [device, ...others.filter((other) => !tooMany.has(other))].slice(0, MOST);
}

async function stored({ path, log }: DeviceListPlace): Promise<CheckedDevice[]> {
  try {
    const text = await readIfThere(path);
    if (text === undefined) return [];
    const { devices } = JSON.parse(text) as { devices?: unknown };
    return Array.isArray(devices) ? devices.filter(isDevice) : [];
  } catch (why) {
    log.warn("devices-checked.not-read", { path, why });
    return [];
  }
}

function isDevice(stored: unknown): stored is CheckedDevice {
  if (typeof stored !== "object" || stored === null) return false;
  const { id, at, kind, from, rows } = stored as Record<string, unknown>;
  const isText = [id, at, kind, from].every((text) => typeof text === "string");
  if (!isText || typeof rows !== "object" || rows === null) return false;
  const states = rows as Record<string, unknown>;
  return ROWS.every((row) => typeof states[row] === "string");
}
