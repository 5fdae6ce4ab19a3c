/*
 * What the pages of pairing and signing in say, as one shape for every language: words-en.tsx and
 * words-ja.tsx fill it. A sentence that one of them lacks does not compile.
 */
import type { Child } from "hono/jsx";
import type { Role } from "../../model/admission.ts";
import type { Device } from "../device.ts";
import type { Language } from "../language.ts";

/** Why digits did not open the door. */
export type PairTrouble =
  | "not-six"
  | "wrong"
  | "expired"
  | "locked-here"
  | "locked-all"
  | "not-kept";

export interface SignInWords {
  readonly lang: Language;
  /** The other language, in that language. */
  readonly otherLanguage: string;
  readonly kinds: Readonly<Record<Device | "other", string>>;
  readonly roles: Readonly<Record<Role, string>>;
  readonly pair: {
    /** @param app host of the app somebody wanted to open; undefined at the portal itself. */
    readonly title: (app: string | undefined) => string;
    readonly lead: (app: string | undefined) => Child;
    readonly digits: string;
    readonly name: string;
    readonly button: string;
    readonly or: string;
    readonly whence: { readonly title: string; readonly says: Child };
    /** For the very first device. */
    readonly first: Child;
    readonly warned: { readonly says: string; readonly link: string };
    readonly trouble: Readonly<Record<PairTrouble, (minutes: number) => Child>>;
  };
  readonly known: {
    readonly title: string;
    readonly says: (name: string) => Child;
    readonly asRole: Readonly<Record<Role, string>>;
    /** @param when as `when` gives it */
    readonly until: (when: string) => string;
    readonly going: (app: string) => string;
    readonly goOn: (app: string) => string;
  };
  readonly home: {
    readonly title: string;
    readonly apps: string;
    readonly noApps: Child;
    readonly up: string;
    readonly down: string;
    readonly more: string;
    readonly devices: string;
    readonly check: string;
    readonly steps: string;
    readonly passkeys: string;
    readonly signOut: string;
  };
  readonly devices: {
    readonly title: string;
    readonly lead: string;
    readonly ownOnly: string;
    readonly thisOne: string;
    /** @param name of the device whose passkey it was */
    readonly through: (name: string) => string;
    readonly paired: string;
    readonly seen: string;
    readonly address: string;
    readonly apps: string;
    readonly none: string;
    readonly ends: string;
    readonly ended: string;
    readonly rename: string;
    readonly newName: string;
    readonly save: string;
    readonly revoke: string;
    readonly pairAnother: string;
    readonly home: string;
  };
  readonly revoke: {
    readonly title: (name: string) => string;
    readonly says: string;
    readonly itself: string;
    readonly withIt: (names: string) => string;
    readonly lastOwner: Child;
    readonly button: string;
    readonly back: string;
  };
  readonly invite: {
    readonly title: string;
    readonly lead: string;
    readonly who: string;
    readonly stays: string;
    readonly guest: (days: number) => string;
    readonly owner: string;
    readonly name: string;
    readonly button: string;
  };
  readonly invited: {
    readonly title: string;
    readonly says: string;
    readonly scan: string;
    readonly label: string;
    readonly type: (address: string) => Child;
    readonly good: string;
    readonly done: string;
    readonly another: string;
  };
  readonly signOut: {
    readonly title: string;
    readonly says: string;
    readonly back: Child;
    readonly button: string;
    readonly stay: string;
    readonly done: { readonly title: string; readonly says: string; readonly again: string };
  };
  readonly atApp: {
    readonly failed: { readonly title: string; readonly says: string; readonly again: string };
    readonly out: {
      readonly title: (app: string) => string;
      readonly says: string;
      readonly again: string;
      readonly everywhere: string;
    };
  };
  readonly kept: { readonly title: string; readonly says: string; readonly again: string };
}
