/*
 * Which traps of a recognised app are none yet to be stepped into: each is looked at from outside, asked as the door
 * asks for a browser. Called by add, up and doctor.
 */
import type { Upstream } from "../../model/target.ts";
import type { AtDoor, Preset, Trap } from "../presets/preset.ts";
import { ask } from "./ask.ts";

/** Milliseconds for one of them. */
const PATIENCE = 1_000;
/** An app can have many names; those that come first stand for them. */
const MOST_HOSTS = 4;

export interface TrapSeen {
  readonly trap: Trap;
  /** Undefined where it cannot be seen from outside, or nobody answered. */
  readonly isRemedied: boolean | undefined;
}

export interface TrapPlace {
  readonly upstream: Upstream;
  readonly at: AtDoor;
  /** Ends the look early. */
  readonly signal?: AbortSignal;
}

/** Those that apply there. Never rejects. */
export async function lookAtTraps(
  { traps }: Preset,
  place: TrapPlace,
): Promise<readonly TrapSeen[]> {
  const applying = traps.filter(({ applies }) => applies?.(place.at) !== false);
  return Promise.all(
    applying.map(async (trap) => ({ trap, isRemedied: await lookAtTrap(trap, place) })),
  );
}

/** One of them; a single name at which the trap is open is enough. */
export async function lookAtTrap(
  { look }: Trap,
  { upstream, at, signal: stop }: TrapPlace,
): Promise<boolean | undefined> {
  if (!look) return undefined;
  const timeout = AbortSignal.timeout(PATIENCE);
  const signal = stop ? AbortSignal.any([stop, timeout]) : timeout;
  const { port } = new URL(at.origin);
  const seen = await Promise.all(
    at.hosts.slice(0, MOST_HOSTS).map(async (host) => {
      const authority = port === "" ? host : `${host}:${port}`;
      const headers = asTheDoor(authority, port);
      const asked = await ask({ upstream, path: look.path, signal, headers });
      if (asked.is === "silent") return undefined;
      return look.isRemedied(asked.answer, { ...at, origin: `https://${authority}` });
    }),
  );
  if (seen.includes(false)) return false;
  return seen.includes(true) ? true : undefined;
}

/** As engines/node/headers.ts sends them for a browser at this machine. */
function asTheDoor(authority: string, port: string): Record<string, string> {
  return {
    host: authority,
    origin: `https://${authority}`,
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": authority,
    "x-forwarded-port": port === "" ? "443" : port,
  };
}
