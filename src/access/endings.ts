/*
 * Devices that end: revoked by the owner, or guests whose time is over. Whoever holds open connections
 * of a device is told, and the gate knows it before any disk does.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Device, Devices } from "./devices.ts";

export interface Endings {
  /** From here on it is out, whatever the files say. */
  revoke(device: string): void;
  isRevoked(device: string): boolean;
  /** Its open connections end, and it may come back: what it may do has changed. */
  interrupt(device: string): void;
  onEnd(listener: (device: string) => void): () => void;
  /** Stops looking for guests whose time is over. */
  stop(): void;
}

/** Milliseconds between looks at the guests. */
const LOOK = 5_000;

export function createEndings(devices: Pick<Devices, "list" | "alive">, clock: Clock): Endings {
  const revoked = new Set<string>();
  const told = new Set<string>();
  const listeners = new Set<(device: string) => void>();
  const tell = (device: string): void => {
    for (const listener of listeners) listener(device);
  };
  const isOver = ({ id, expires }: Device): boolean =>
    expires !== null && !told.has(id) && devices.alive(id) === undefined;

  const unwatch = clock.every(LOOK, () => {
    for (const { id } of devices.list().filter(isOver)) {
      told.add(id);
      tell(id);
    }
  });
  return {
    revoke(device) {
      revoked.add(device);
      tell(device);
    },
    isRevoked: (device) => revoked.has(device),
    interrupt: tell,
    onEnd(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: unwatch,
  };
}
