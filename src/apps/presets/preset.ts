/*
 * What Genkan knows of one app: how it is recognised, what has to be set so that it works behind the door, what it may
 * do. One file for each app; all.ts lists them. Everything said has a source, named in the app's file.
 */
import type { AppAccess } from "../../model/admission.ts";
import type { PathPattern } from "../../model/path-pattern.ts";
import type { PresetName } from "../../model/preset.ts";
import type { Answer, Answers } from "../recognise/answer.ts";

export interface Preset {
  readonly name: PresetName;
  /** As its makers write it. */
  readonly title: string;
  /** Where it listens unless told, the usual one first. */
  readonly ports: readonly number[];
  /** What its first page says, on which it is asked before others; no proof. */
  readonly hint: RegExp;
  /** What is asked for the proof: paths, in this order, until there is one. `/` is asked before. */
  readonly asks: readonly string[];
  /** The proof: bodies, never status codes alone. */
  readonly recognise: (answers: Answers) => Recognised | undefined;
  /** Where it opens WebSockets. */
  readonly webSockets: readonly PathPattern[];
  /** Whether who opens it can run programs where it runs. */
  readonly runsCode: boolean;
  /** Whether it asks who somebody is by itself: always, never, or as it is set. */
  readonly signIn: "own" | "none" | "as set";
  readonly traps: readonly Trap[];
}

export interface Recognised {
  readonly preset: PresetName;
  readonly version?: string | undefined;
}

/** Something that does not work behind a door until it is set in the app. */
export interface Trap {
  /** In the id of doctor's check: `app.NAME.SETTING`. */
  readonly id: string;
  /** What goes wrong, a sentence. */
  readonly says: string;
  /** What to do, a sentence that begins with an imperative. */
  readonly remedy: (at: AtDoor) => string;
  /** Where the trap is not one: undefined for always. */
  readonly applies?: (at: AtDoor) => boolean;
  /** How to see from outside whether it is remedied. */
  readonly look?: TrapLook;
}

interface TrapLook {
  readonly path: string;
  /** @returns undefined where the answer does not tell */
  readonly isRemedied: (answer: Answer, at: AtDoor) => boolean | undefined;
}

/** Where the app is found at the door. */
export interface AtDoor {
  /** `https://git.local`, or with a port. */
  readonly origin: string;
  /** Every name it answers to, the first being the origin's. */
  readonly hosts: readonly string[];
  readonly access: AppAccess;
}
