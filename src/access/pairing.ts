/*
 * Invitations: six digits to type and a long secret for the QR code, good for ten minutes and one
 * device. Digits can be guessed, so guesses are counted, for each source and for all; the secret
 * cannot. Kept in memory only: a door that was closed has invited nobody.
 */
import type { Role } from "../model/admission.ts";
import { sourceOf } from "../model/source.ts";
import { createGuesses } from "./guesses.ts";
import { isSame, newDigits, newSecret } from "./secrets.ts";

export interface Invitation {
  /** What the device will be; where there is no owner yet, it becomes the owner. */
  readonly role: Role;
  /** The device's name, where the one who invited chose it. */
  readonly name: string | undefined;
  /** When a guest's stay ends, milliseconds since the epoch; null for those who stay. */
  readonly expires: number | null;
  /** The device whose person invites; undefined where the door's own terminal does. */
  readonly by?: string;
  /** Told which device took it. */
  readonly onTaken?: (device: string) => void;
}

export interface OpenInvitation {
  /** Six digits. */
  readonly digits: string;
  /** 256 bits for the link in the QR code, after the `#`. */
  readonly secret: string;
  /** Not taken, not over, and not closed by newer ones. */
  isOpen(): boolean;
}

export type Redeemed =
  | { readonly is: "invited"; readonly invitation: Invitation; giveBack(): void }
  | { readonly is: "wrong" }
  /** Too many wrong guesses from there, or from everywhere. */
  | { readonly is: "locked"; readonly by: "source" | "all"; readonly waitMs: number };

export interface Pairing {
  /** Opens one more; the oldest goes where there are too many. Guesses that were counted are forgiven. */
  open(invitation: Invitation): OpenInvitation;
  /** Tries what somebody typed or scanned. An invitation is given once; `giveBack` undoes that where pairing failed on our side. */
  redeem(text: string, source: string): Redeemed;
  /** Closes what these devices opened: they may invite nobody any more. */
  close(by: readonly string[]): void;
  /** How many are open. */
  count(): number;
  /** Milliseconds that digits are taken from nobody, since too many were guessed; 0 where they are. */
  lockedMs(): number;
}

/** Milliseconds. */
export const INVITATION_LIFE = 10 * 60_000;
/** Invitations open at once: each makes a guess that much likelier. */
const MOST_OPEN = 3;

interface Open extends Pick<OpenInvitation, "digits" | "secret"> {
  readonly invitation: Invitation;
  readonly until: number;
}

/**
 * @param steadyNow milliseconds of a clock that nobody sets.
 * @param onLockedOut told each time guesses from everywhere have become too many: the owner must hear of it.
 */
export function createPairing(steadyNow: () => number, onLockedOut: () => void): Pairing {
  const guesses = createGuesses(steadyNow, onLockedOut);
  let invitations: readonly Open[] = [];
  const stillOpen = (): readonly Open[] => {
    const now = steadyNow();
    return (invitations = invitations.filter(({ until }) => now < until));
  };
  function take(found: Open): Redeemed {
    invitations = invitations.filter((other) => other !== found);
    const giveBack = (): void => {
      invitations = [...invitations, found];
    };
    return { is: "invited", invitation: found.invitation, giveBack };
  }
  return {
    open(invitation) {
      const until = steadyNow() + INVITATION_LIFE;
      const made: Open = { digits: newDigits(), secret: newSecret(), invitation, until };
      invitations = [...stillOpen().slice(1 - MOST_OPEN), made];
      guesses.forgive();
      const { digits, secret } = made;
      return { digits, secret, isOpen: () => stillOpen().includes(made) };
    },
    redeem(text, address) {
      const open = stillOpen();
      // Nothing to hit: nothing to count, and no lock-out that strangers could cause at any time.
      if (open.length === 0) return { is: "wrong" };
      // Every comparison is made, whatever the ones before said.
      const [bySecret] = open.filter(({ secret }) => isSame(secret, text));
      if (bySecret) return take(bySecret);
      const source = sourceOf(address);
      const lock = guesses.lockOf(source);
      if (lock) return { is: "locked", ...lock };
      const typed = text.replaceAll(/[\s-]/g, "");
      const [byDigits] = open.filter(({ digits }) => isSame(digits, typed));
      if (byDigits) return take(byDigits);
      guesses.countWrong(source);
      return { is: "wrong" };
    },
    close(by) {
      invitations = invitations.filter(({ invitation }) => !by.includes(invitation.by ?? ""));
    },
    count: () => stillOpen().length,
    lockedMs: () => guesses.allLockedMs(),
  };
}
