/*
 * What the files about passkeys share: what a browser brings, and what of access they work with.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Audit } from "./audit.ts";
import type { Device, Devices } from "./devices.ts";
import type { Challenges } from "./passkeys-challenges.ts";
import type { Passkeys } from "./passkeys.ts";
import type { Sessions } from "./sessions.ts";

/** Where a browser is: the portal's host (the RP ID), and the address it comes from. */
export interface PasskeyPlace {
  readonly host: string;
  readonly address: string;
}

export interface PasskeyAnswer extends PasskeyPlace {
  /** What the browser sent: anything. */
  readonly response: unknown;
  /** What it keeps in its cookie; undefined where it has none. */
  readonly key: string | undefined;
  /** The portal's origin with the door's own port, whatever the visitor said of it. */
  readonly origin: string;
}

/** The browser that signs in: what it is called (`Firefox on Linux`), and what it looks like. */
export interface Browser {
  readonly name: string;
  readonly kind: string;
}

export interface PasskeyParts {
  readonly passkeys: Passkeys;
  readonly devices: Pick<Devices, "alive" | "branch" | "person" | "add">;
  readonly sessions: Pick<Sessions, "begin" | "endAll" | "isSignedIn">;
  readonly challenges: Challenges;
  /** The device while it may come in, as it is in this very moment. */
  readonly alive: (device: string) => Device | undefined;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}
