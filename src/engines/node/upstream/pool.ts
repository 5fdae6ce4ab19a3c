/*
 * Connections that wait for the next request, by app. The one used last is taken first, so that a
 * quiet app's spare ones grow old and go. Whatever an app does to a waiting one (ends it, sends
 * unasked bytes) takes it out.
 */
import type { Clock } from "../../../kernel/clock.ts";
import type { Connection } from "./connection.ts";

export interface PoolLimits {
  /** Connections kept per app. */
  readonly maxIdle: number;
  /** Milliseconds one is kept, unless its app says it keeps it for less. */
  readonly idleMs: number;
}

/** How often connections that waited too long are looked for, in milliseconds. */
const SWEEP_EVERY = 1000;
/** The app counts from an earlier moment than we do; it must not end what we just took. */
const MARGIN = 1000;

export class Pool {
  readonly #limits: PoolLimits;
  readonly #clock: Clock;
  readonly #shelves = new Map<string, Connection[]>();
  readonly #endSweeping: () => void;
  #wanted: ReadonlySet<string> | undefined;

  constructor(limits: PoolLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#endSweeping = clock.every(SWEEP_EVERY, () => this.#sweep());
  }

  /** The connection used last, if one is open and has rested for at most `restedMs`. */
  take(key: string, restedMs: number): Connection | undefined {
    const shelf = this.#shelves.get(key);
    if (!shelf) return undefined;
    const now = this.#clock.now();
    for (let last = shelf.at(-1); last; last = shelf.at(-1)) {
      const isFresh = now - last.restsSince <= restedMs;
      if (last.isOpen && last.restsUntil > now && !isFresh) return undefined;
      shelf.pop();
      if (last.isOpen && last.restsUntil > now) return last;
      last.drop();
    }
    return undefined;
  }

  /** Keeps a connection whose exchange is over. @param keepsMs what the app says of its own patience. */
  put(connection: Connection, keepsMs: number | undefined): void {
    const patience = Math.min(this.#limits.idleMs, (keepsMs ?? Infinity) - MARGIN);
    const isWanted = this.#wanted?.has(connection.key) ?? true;
    connection.rest();
    if (patience <= 0 || !isWanted || !connection.isOpen) return connection.drop();
    connection.restsSince = this.#clock.now();
    connection.restsUntil = connection.restsSince + patience;
    const shelf = this.#shelfOf(connection.key);
    shelf.push(connection);
    if (shelf.length > this.#limits.maxIdle) shelf.shift()?.drop();
  }

  /** A resting connection is gone. */
  forget(connection: Connection): void {
    const shelf = this.#shelves.get(connection.key);
    const at = shelf?.lastIndexOf(connection) ?? -1;
    if (at !== -1) shelf?.splice(at, 1);
  }

  /** From now on keeps connections of these apps alone. */
  keepOnly(keys: ReadonlySet<string>): void {
    this.#wanted = keys;
    for (const [key, shelf] of this.#shelves) {
      if (keys.has(key)) continue;
      this.#shelves.delete(key);
      for (const connection of shelf) connection.drop();
    }
  }

  /** Keeps nothing any more. */
  stop(): void {
    this.#endSweeping();
    this.keepOnly(new Set());
  }

  #shelfOf(key: string): Connection[] {
    const there = this.#shelves.get(key);
    if (there) return there;
    const shelf: Connection[] = [];
    this.#shelves.set(key, shelf);
    return shelf;
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [key, shelf] of this.#shelves) {
      const left = shelf.filter((connection) => connection.restsUntil > now);
      for (const connection of shelf) if (connection.restsUntil <= now) connection.drop();
      if (left.length === 0) this.#shelves.delete(key);
      else if (left.length < shelf.length) this.#shelves.set(key, left);
    }
  }
}
