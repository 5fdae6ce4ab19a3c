/*
 * What pairing and signing in need from strangers; daemon/compose.ts hands it something that fits.
 */
import type { Child } from "hono/jsx";
import type { Log } from "../../kernel/log.ts";
import type { Role, Visitor } from "../../model/admission.ts";
import type { Plan, PlannedApp } from "../../model/plan.ts";
import type { Language } from "../language.ts";
import type { DoorPlace, RootSource } from "../needs.ts";

export interface SignInNeeds {
  readonly access: HouseholdAccess;
  readonly cookies: OwnCookies;
  /** The plan in force; undefined before there is one. */
  readonly plan: () => Plan | undefined;
  /** Whether a sandbox of the app of this name is open at this port of the door; without it there are none. */
  readonly hasSandboxAt?: (host: string, port: number) => boolean;
  /** Whether something listens where the app should be. */
  readonly isUp: (app: PlannedApp) => Promise<boolean>;
  /** Milliseconds since the epoch, by the wall clock. */
  readonly now: () => number;
  /** Passkeys beside the digits; without it there are none. */
  readonly passkeys?: PasskeyOffer;
}

/** What every page of the door has, together with what these need. */
export interface SignInWorld extends SignInNeeds {
  readonly root: Pick<RootSource, "fingerprint256">;
  readonly place: () => DoorPlace;
  readonly version: string;
  readonly log: Log;
}

/** What access offers of itself, as the pages use it. */
export interface HouseholdAccess {
  readonly gate: {
    identify(credentials: {
      readonly host: string;
      readonly cookies: readonly string[];
      readonly authorization: string | undefined;
      readonly address: string;
    }): { readonly visitor: Visitor; readonly isStale: boolean };
  };
  readonly devices: {
    list(): readonly PairedDevice[];
    /** Undefined where it may no longer come in. */
    alive(id: string): PairedDevice | undefined;
    /** The device itself, and all that came in with its passkeys and would go with it. */
    branch(id: string): readonly PairedDevice[];
    hasOwner(): boolean;
  };
  /** Whether digits are good for something at this moment. */
  isInviting(): boolean;
  invite(invitation: Invitation): { readonly digits: string };
  /** @throws GenkanError where the door could not keep it; nothing is paired then, and the digits are still good */
  pair(wish: PairingWish): Promise<Pairing>;
  handOver(to: {
    readonly host: string;
    readonly device: string;
    readonly nonceHash: string;
  }): string;
  /** The session's token at `host` for a code; undefined where it is not good here. @throws GenkanError */
  takeOver(code: string, at: { host: string; nonce: string }): Promise<string | undefined>;
  /** @throws GenkanError */
  renew(token: string, host: string): Promise<string | undefined>;
  /** At one host, or everywhere. @throws GenkanError */
  signOut(device: string, host?: string): Promise<void>;
  /** By id. @throws GenkanError */
  revoke(device: string): Promise<unknown>;
  /** By id. @throws GenkanError */
  change(device: string, to: { readonly name: string }): Promise<void>;
}

/** Times are milliseconds since the epoch. */
export interface PairedDevice {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly role: Role;
  readonly pairedAt: number;
  readonly lastSeen: number;
  /** A guest's end; null for those who stay. */
  readonly expires: number | null;
  /** The device whose passkey let it in, and with which it goes, by its id; null for those that were paired. */
  readonly through: string | null;
  /** Newest first. */
  readonly addresses: readonly string[];
  readonly apps: readonly string[];
}

export interface Invitation {
  readonly role: Role;
  readonly name: string | undefined;
  readonly expires: number | null;
  /** The device it is from, with which it ends. */
  readonly by: string;
}

export interface PairingWish {
  readonly text: string;
  readonly name: string;
  readonly kind: string;
  readonly address: string;
  readonly host: string;
}

export type Pairing =
  | { readonly is: "paired"; readonly token: string }
  | { readonly is: "wrong" }
  | { readonly is: "locked"; readonly by: "source" | "all"; readonly waitMs: number };

/** The door's own cookies: read from `Cookie` fields, and as values of `Set-Cookie`. */
export interface OwnCookies {
  sessionIn(fields: readonly string[]): string | undefined;
  nonceIn(fields: readonly string[]): string | undefined;
  session(token: string): string;
  readonly noSession: string;
  readonly noNonce: string;
}

/** A way in for who has a passkey, on the page that asks for the digits. */
export interface PasskeyOffer {
  /** The page's one script, allowed by its hash. */
  readonly script: string;
  /** @param next the portal's path to go to once signed in. */
  offer(language: Language, next: string): Child;
  /** The page on which a device of the household keeps its passkeys. */
  readonly path: string;
}
