/*
 * Devices that end: revoked by the owner, or guests and programs whose time is over. Whoever holds open
 * connections of one is told, and the gate knows it before any disk does.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Device, Devices } from "./devices.ts";
import type { Token, Tokens } from "./tokens.ts";

export interface Endings {
  /** From here on it is out, whatever the files say. */
  revoke(device: string): void;
  isRevoked(device: string): boolean;
  /** Its open connections end, and it may come back: what it may do has changed. */
  interrupt(device: string): void;
  onEnd(listener: (device: string) => void): () => void;
  /** Stops looking for those whose time is over. */
  stop(): void;
}

/** Milliseconds between looks at guests and tokens. */
const LOOK = 5_000;

interface EndingsNeeds {
  readonly devices: Pick<Devices, "list" | "alive">;
  readonly tokens: Pick<Tokens, "list">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createEndings({ devices, tokens, clock, log }: EndingsNeeds): Endings {
  const revoked = new Set<string>();
  const told = new Set<string>();
  const listeners = new Set<(device: string) => void>();
  const tell = (device: string): void => {
    for (const listener of listeners) {
      try {
        listener(device);
      } catch (why) {
        log.error("device.not-ended", { device, why }); // the others are told all the same
      }
    }
  };
  const isOver = ({ id, expires }: Device): boolean =>
    expires !== null && devices.alive(id) === undefined;
  const hasEnded = ({ expires, ended }: Token): boolean =>
    expires !== null && (ended || clock.now() >= expires);

  const unwatch = clock.every(LOOK, () => {
    const over = [...devices.list().filter(isOver), ...tokens.list().filter(hasEnded)];
    for (const { id } of over.filter((one) => !told.has(one.id))) {
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
