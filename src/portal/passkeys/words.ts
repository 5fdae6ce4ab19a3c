/*
 * What passkeys say, as one shape for every language: words-en.ts and words-ja.ts fill it.
 */
import type { Language } from "../language.ts";

/** Why the door took no passkey. */
export type Refusal = "late" | "unproven" | "known" | "unknown" | "stopped" | "busy" | "out";

/** What the script says by itself; the names are those of the browsers' errors (Web IDL, section 2.8.1). */
export interface ScriptWords {
  readonly waiting: string;
  /** Nothing was chosen, or it took too long. */
  readonly NotAllowedError: string;
  /** Where one is added: there is one already. */
  readonly InvalidStateError: string;
  /** The browser keeps no passkeys for a page whose certificate it does not trust. */
  readonly SecurityError: string;
  /** Nothing here can keep one. */
  readonly NotSupportedError: string;
  readonly failed: string;
  /** The browser has no passkeys. */
  readonly none: string;
  /** The page was opened by an address. */
  readonly byAddress: string;
}

export interface PasskeyWords {
  readonly lang: Language;
  readonly title: string;
  readonly lead: string;
  readonly empty: string;
  readonly added: (when: string, device: string) => string;
  readonly used: (when: string) => string;
  readonly unused: string;
  readonly otherHost: (host: string) => string;
  readonly stopped: string;
  readonly remove: string;
  readonly removeSays: string;
  readonly add: { readonly title: string; readonly name: string; readonly button: string };
  readonly byAddress: { readonly says: string; readonly link: string };
  readonly back: string;
  readonly signIn: string;
  readonly withoutScript: { readonly add: string; readonly signIn: string };
  /** What the script says where a passkey is added, and where somebody signs in. */
  readonly adding: ScriptWords;
  readonly signingIn: ScriptWords;
  readonly refused: Readonly<Record<Refusal, string>>;
}
