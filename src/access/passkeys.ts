/*
 * Passkeys: passkeys.json. Public halves only: whoever reads the file can sign in with none of them. One
 * belongs to the device it was added on, and through it to a person, and goes with that device.
 */
import { accessErrors } from "./errors.ts";
import { is, openRows, rowChecker } from "./rows.ts";

/** All times are milliseconds since the epoch, by the wall clock. */
export interface Passkey {
  /** The credential's id (WebAuthn Level 3, section 5.1), base64url. */
  readonly id: string;
  /** COSE_Key (RFC 9052 section 7), base64url. */
  readonly publicKey: string;
  /** How often it signed, as it says itself; many say 0 for ever (WebAuthn, section 6.1.1). */
  readonly counter: number;
  /** How browsers reach it: `internal`, `usb`, `hybrid`, …; hints. */
  readonly transports: readonly string[];
  /** The portal's host it was made at, and is good at: the RP ID. */
  readonly host: string;
  /** The device it was added on. */
  readonly device: string;
  readonly name: string;
  readonly madeAt: number;
  readonly lastUsed: number | null;
  /** Its counter went back once: there may be a copy of it, and neither signs in any more. */
  readonly isStopped: boolean;
}

export interface Passkeys {
  get(id: string): Passkey | undefined;
  /** Those that were added on these devices, oldest first. */
  of(devices: readonly string[]): readonly Passkey[];
  /** @throws PASSKEYS_FULL, FILE_NOT_WRITABLE */
  add(passkey: Passkey): Promise<void>;
  /** Does nothing where it is gone. @throws FILE_NOT_WRITABLE */
  change(
    id: string,
    to: Partial<Pick<Passkey, "name" | "counter" | "lastUsed" | "isStopped">>,
  ): Promise<void>;
  /** @throws FILE_NOT_WRITABLE */
  remove(ids: readonly string[]): Promise<void>;
  /** Takes away those of devices that are no more. @throws FILE_NOT_WRITABLE */
  sweep(isDevice: (id: string) => boolean): Promise<void>;
}

const MOST_PASSKEYS = 1000;
/** More than anybody has, and few enough for every browser's list of those it must not make again. */
const MOST_ON_DEVICE = 20;

const isPasskey = rowChecker<Passkey>({
  id: is.text,
  publicKey: is.text,
  counter: is.time,
  transports: is.texts,
  host: is.text,
  device: is.text,
  name: is.text,
  madeAt: is.time,
  lastUsed: is.timeOrNull,
  isStopped: is.flag,
});

/** @throws as openRows */
export async function openPasskeys(path: string): Promise<Passkeys> {
  const rows = await openRows<Passkey>({ path, keyOf: ({ id }) => id, isRow: isPasskey });
  const of = (devices: readonly string[]): readonly Passkey[] =>
    [...rows.all().values()].filter(({ device }) => devices.includes(device));
  return {
    get: (id) => rows.get(id),
    of,
    async add(passkey) {
      const onDevice = of([passkey.device]).length;
      if (onDevice >= MOST_ON_DEVICE) throw accessErrors.PASSKEYS_FULL({ most: MOST_ON_DEVICE });
      if (rows.all().size >= MOST_PASSKEYS) {
        throw accessErrors.ACCESS_FULL({ what: "passkeys", most: MOST_PASSKEYS });
      }
      await rows.change({ put: [passkey] });
    },
    change: (id, to) =>
      rows.change(() => {
        const passkey = rows.get(id);
        return passkey ? { put: [{ ...passkey, ...to }] } : {};
      }),
    async remove(ids) {
      if (ids.length > 0) await rows.change({ drop: ids });
    },
    async sweep(isDevice) {
      const drop = [...rows.all().values()].filter(({ device }) => !isDevice(device));
      if (drop.length > 0) await rows.change({ drop: drop.map(({ id }) => id) });
    },
  };
}
