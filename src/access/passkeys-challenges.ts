/*
 * Challenges for passkeys: 256 random bits that a passkey signs, so that what it once signed is good for
 * nothing again (WebAuthn Level 3, section 13.4.3). Each is good for five minutes, once, at one host, and
 * only in the browser that has its key in a cookie. Kept in memory only.
 */
import { sourceOf } from "../model/source.ts";
import { hashOf, newSecret } from "./secrets.ts";

interface Asked {
  /** The portal's host the browser is at. */
  readonly host: string;
  /** The device that adds a passkey; null where somebody signs in with one. */
  readonly device: string | null;
}

interface Challenge extends Asked {
  /** Base64url. */
  readonly challenge: string;
}

export interface Challenges {
  /** @returns the challenge, and the key that the browser keeps in a cookie. @param address whose it is */
  issue(asked: Asked, address: string): { readonly key: string; readonly challenge: string };
  /** The challenge that belongs to a key, once: whatever comes of it, it is gone. */
  take(key: string): Challenge | undefined;
}

/** Milliseconds. */
export const CHALLENGE_LIFE = 5 * 60_000;
/** Open at once; the oldest goes first, and of a source that asks for many its own. */
const MOST = 500;
const MOST_BY_SOURCE = 10;

interface Issued extends Challenge {
  readonly source: string;
  readonly until: number;
}

/** @param steadyNow milliseconds of a clock that nobody sets. */
export function createChallenges(steadyNow: () => number): Challenges {
  const issued = new Map<string, Issued>(); // oldest first
  function makeRoom(source: string): void {
    const now = steadyNow();
    for (const [hash, { until }] of issued) if (now >= until) issued.delete(hash);
    const own = [...issued].filter(([, one]) => one.source === source).map(([hash]) => hash);
    const [oldest] = own.length >= MOST_BY_SOURCE ? own : issued.size >= MOST ? issued.keys() : [];
    if (oldest !== undefined) issued.delete(oldest);
  }
  return {
    issue(asked, address) {
      const source = sourceOf(address);
      makeRoom(source);
      const key = newSecret();
      const challenge = newSecret();
      const until = steadyNow() + CHALLENGE_LIFE;
      issued.set(hashOf(key), { ...asked, challenge, source, until });
      return { key, challenge };
    },
    take(key) {
      const hash = hashOf(key);
      const found = issued.get(hash);
      issued.delete(hash);
      return found && steadyNow() < found.until ? found : undefined;
    },
  };
}
