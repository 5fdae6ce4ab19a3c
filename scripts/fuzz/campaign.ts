/*
 * What the fuzz run knows of a campaign: it makes a case from chance, tries it on a door, and says what was
 * wrong. fuzz.ts runs campaigns, each lane with an app and a name of its own.
 */
import type { FuzzApp } from "./app.ts";
import type { FuzzDoor } from "./door.ts";
import type { Random } from "./random.ts";

export interface Lane {
  readonly door: FuzzDoor;
  readonly app: FuzzApp;
  /** The app's name at the door. */
  readonly host: string;
  readonly engine: string;
}

/** Pieces are what is taken away one by one to make a failing case small. */
export interface Case {
  readonly pieces: readonly string[];
  /** Nothing was mutated: everything has to come through. */
  readonly isProper: boolean;
}

export interface Campaign {
  readonly name: string;
  make(random: Random, host: string): Case;
  /** Gives what was wrong; empty where nothing was. */
  attempt(lane: Lane, tried: Case): Promise<readonly string[]>;
}
