/*
 * The devices that were let in: devices.json. What a device was last seen doing is noted, and written
 * seldom; who is let in is written before it is true.
 */
import type { Role } from "../model/admission.ts";
import { accessErrors } from "./errors.ts";
import { branchOf, lineOf } from "./lineage.ts";
import { is, openRows, type Rows, rowChecker } from "./rows.ts";

/** All times are milliseconds since the epoch, by the wall clock. */
export interface Device {
  readonly id: string;
  /** What its people call it; not unique. */
  readonly name: string;
  /** `iphone`, `android`, `mac`, …; what it looked like when it was paired. */
  readonly kind: string;
  readonly role: Role;
  readonly pairedAt: number;
  readonly lastSeen: number;
  /** A guest's end; null for those who stay. */
  readonly expires: number | null;
  /** The device whose passkey let it in, and with which it goes; null for those that were paired. */
  readonly through: string | null;
  /** It was seen to have ended. A clock that is set back does not bring it back. */
  readonly ended: boolean;
  /** Where it came from lately, newest first. */
  readonly addresses: readonly string[];
  /** The apps it used, newest first. */
  readonly apps: readonly string[];
}

export interface Devices {
  list(): readonly Device[];
  /** The device while it may come in: there, and not ended, nor any that it came in through. */
  alive(id: string): Device | undefined;
  /** The device itself, and all that came in through it, at any remove. */
  branch(id: string): readonly Device[];
  /** The paired device at the root of its line: the same for all browsers of one person. */
  person(id: string): Device | undefined;
  hasOwner(): boolean;
  /** @throws ACCESS_FULL, FILE_NOT_WRITABLE; nothing has changed then */
  add(device: Device): Promise<void>;
  /** @throws FILE_NOT_WRITABLE */
  remove(ids: readonly string[]): Promise<void>;
  /** Another role is also that of those that came in through it. @throws FILE_NOT_WRITABLE */
  change(id: string, to: Partial<Pick<Device, "name" | "role">>): Promise<void>;
  /** Notes that it was here. Cheap: called for every request. */
  saw(id: string, at: { readonly address: string; readonly app: string | undefined }): void;
  /** The one a person means by a name or an id. @throws DEVICE_UNKNOWN, DEVICE_AMBIGUOUS */
  named(text: string): Device;
  /** @throws FILE_NOT_WRITABLE */
  flush(): Promise<void>;
}

const MOST_DEVICES = 1000;
/** Kept of each device's past. */
const MOST_ADDRESSES = 5;
const MOST_APPS = 50;
/** Milliseconds: how exact `lastSeen` is. */
const SEEN_EVERY = 60_000;

const ROLES: readonly unknown[] = ["owner", "member", "guest"] satisfies Role[];

const isDevice = rowChecker<Device>({
  id: is.text,
  name: is.text,
  kind: is.text,
  role: (value): value is Role => ROLES.includes(value),
  pairedAt: is.time,
  lastSeen: is.time,
  expires: is.timeOrNull,
  through: (value): value is string | null => value === null || is.text(value),
  ended: is.flag,
  addresses: is.texts,
  apps: is.texts,
});

/** @throws as openRows */
export async function openDevices(path: string, now: () => number): Promise<Devices> {
  const rows = await openRows<Device>({ path, keyOf: ({ id }) => id, isRow: isDevice });
  const list = (): readonly Device[] => [...rows.all().values()];
  return {
    list,
    alive: (id) => aliveIn(rows, id, now()),
    branch: (id) => branchOf(list(), id),
    person: (id) => lineOf(rows.all(), id).at(-1),
    hasOwner: () => list().some(({ role, ended }) => role === "owner" && !ended),
    async add(device) {
      if (rows.all().size >= MOST_DEVICES) {
        throw accessErrors.ACCESS_FULL({ what: "devices", most: MOST_DEVICES });
      }
      await rows.change({ put: [device] });
    },
    remove: (ids) => rows.change({ drop: ids }),
    change: (id, { name, role }) =>
      rows.change(() => ({
        put: branchOf(list(), id).map((device) => ({
          ...device,
          name: name !== undefined && device.id === id ? name : device.name,
          role: role ?? device.role,
        })),
      })),
    saw: (id, at) => note(rows, id, { address: at.address, app: at.app, now: now() }),
    named: (text) => named(list(), text),
    flush: () => rows.flush(),
  };
}

function aliveIn(rows: Rows<Device>, id: string, now: number): Device | undefined {
  const device = rows.get(id);
  if (device?.through === null) return isAlive(rows, device, now) ? device : undefined;
  const line = lineOf(rows.all(), id);
  return line.every((one) => isAlive(rows, one, now)) ? line[0] : undefined;
}

function isAlive(rows: Rows<Device>, device: Device, now: number): boolean {
  if (device.ended) return false;
  if (device.expires === null || now < device.expires) return true;
  rows.note(device.id, { ...device, ended: true });
  return false;
}

interface Sighting {
  readonly address: string;
  readonly app: string | undefined;
  readonly now: number;
}

function note(rows: Rows<Device>, id: string, { address, app, now }: Sighting): void {
  const device = rows.get(id);
  if (!device) return;
  const isNews =
    !device.addresses.includes(address) || (app !== undefined && !device.apps.includes(app));
  // A clock that was set back does not make the past younger.
  if (!isNews && now - device.lastSeen < SEEN_EVERY) return;
  rows.note(id, {
    ...device,
    lastSeen: Math.max(device.lastSeen, now),
    addresses: first(address, device.addresses, MOST_ADDRESSES),
    apps: app === undefined ? device.apps : first(app, device.apps, MOST_APPS),
  });
}

function first(text: string, others: readonly string[], most: number): readonly string[] {
  return [text, ...others.filter((other) => other !== text)].slice(0, most);
}

function named(devices: readonly Device[], text: string): Device {
  const byId = devices.find(({ id }) => id === text);
  if (byId) return byId;
  const lower = text.trim().toLowerCase();
  const [found, ...more] = devices.filter(({ name }) => name.toLowerCase() === lower);
  if (!found) {
    const names = devices.map(({ name }) => name);
    throw accessErrors.DEVICE_UNKNOWN({ device: JSON.stringify(text), names });
  }
  if (more.length === 0) return found;
  const ids = [found, ...more].map(({ id }) => id);
  throw accessErrors.DEVICE_AMBIGUOUS({ device: JSON.stringify(text), ids });
}
