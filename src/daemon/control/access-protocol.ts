/*
 * What the command line and the running door say to each other about who is let in. Times are ISO 8601, UTC.
 */
import type { Role } from "../../model/admission.ts";

export interface DeviceReport {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly role: Role;
  readonly paired: string;
  readonly lastSeen: string;
  /** Where it came from lately, newest first. */
  readonly addresses: readonly string[];
  /** The apps it used, newest first. */
  readonly apps: readonly string[];
  /** A guest's end; null for those who stay. */
  readonly expires: string | null;
  /** The device whose passkey let it in, and with which it goes, by its id; null for those that were paired. */
  readonly through: string | null;
  /** Its time is over. */
  readonly ended: boolean;
}

export interface DevicesReport {
  readonly devices: readonly DeviceReport[];
  readonly hasOwner: boolean;
  /** Milliseconds that digits are taken from nobody, since too many were guessed; 0 where they are. */
  readonly lockedMs: number;
}

export interface PairWish {
  readonly role: Role;
  /** What the device will be called; null leaves that to it. */
  readonly name: string | null;
  /** Milliseconds a guest may stay; null for those who stay. */
  readonly stayMs: number | null;
}

export interface PairReport {
  /** Tells this invitation from others: `invitation()`. */
  readonly id: string;
  /** Six. */
  readonly digits: string;
  /** When they are no longer taken. */
  readonly expires: string;
  /** What the device will be: of a door without an owner the first to stay becomes that. */
  readonly role: Role;
  readonly guestUntil: string | null;
}

export type InvitationReport =
  | { readonly is: "open" }
  | { readonly is: "taken"; readonly device: DeviceReport }
  /** Ten minutes went by, newer invitations closed it, or the door was closed in between. */
  | { readonly is: "over" };

export interface RevokeReport {
  readonly device: DeviceReport;
  /** Names of those that came in through it, and went with it. */
  readonly withIt: readonly string[];
  readonly hasOwner: boolean;
}

export interface TokenWish {
  readonly name: string;
  readonly apps: readonly string[];
  /** Milliseconds it is good for; null: until it is taken away. */
  readonly goodForMs: number | null;
}

export interface TokenReport {
  readonly name: string;
  readonly apps: readonly string[];
  readonly made: string;
  readonly lastSeen: string;
  readonly expires: string | null;
  /** Its time is over. */
  readonly ended: boolean;
}

/** A token just made: the only time that it is told. */
export interface MadeToken extends TokenReport {
  readonly token: string;
}

/** What an open door does about who is let in. All throw ACCESS_STATE_DAMAGED, ACCESS_STATE_FOREIGN where that cannot be read. */
export interface AccessActions {
  devices(): Promise<DevicesReport>;
  pair(wish: PairWish): Promise<PairReport>;
  invitation(id: string): Promise<InvitationReport>;
  /** @param device a name or an id. @throws DEVICE_UNKNOWN, DEVICE_AMBIGUOUS, FILE_NOT_WRITABLE */
  revoke(device: string): Promise<RevokeReport>;
  tokens(): Promise<readonly TokenReport[]>;
  /** @throws APP_NOT_AT_DOOR, TOKEN_NAME_INVALID, TOKEN_NAME_TAKEN, ACCESS_FULL, FILE_NOT_WRITABLE */
  makeToken(wish: TokenWish): Promise<MadeToken>;
  /** @throws TOKEN_UNKNOWN, FILE_NOT_WRITABLE */
  removeToken(name: string): Promise<void>;
}
