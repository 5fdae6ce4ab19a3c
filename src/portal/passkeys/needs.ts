/*
 * What passkeys need from strangers; daemon/compose.ts hands it something that fits.
 */

export interface PasskeyNeeds {
  readonly access: PasskeyAccess;
  readonly cookies: ChallengeCookies;
}

/** What access offers of passkeys, as the pages use it. */
interface PasskeyAccess {
  /** Those of the person whose device this is, oldest first. */
  list(device: string): readonly KeptPasskey[];
  /** @throws GenkanError */
  beginAdding(device: string, place: Place): Promise<Asked>;
  /** @throws GenkanError */
  add(device: string, answer: Answered, name: string): Promise<Added>;
  /** @throws GenkanError */
  beginSignIn(place: Place): Promise<Asked>;
  /** @throws GenkanError */
  signIn(answer: Answered, browser: { readonly name: string; readonly kind: string }): Promise<In>;
  /** @throws GenkanError */
  rename(device: string, id: string, name: string): Promise<void>;
  /** @throws GenkanError */
  remove(device: string, id: string): Promise<void>;
}

/** Times are milliseconds since the epoch. */
export interface KeptPasskey {
  readonly id: string;
  readonly name: string;
  /** The portal's host it is good at. */
  readonly host: string;
  /** The device it was added on. */
  readonly device: string;
  readonly madeAt: number;
  readonly lastUsed: number | null;
  /** There may be a copy of it, and it signs nobody in any more. */
  readonly isStopped: boolean;
}

export interface Place {
  readonly host: string;
  /** The visitor's. */
  readonly address: string;
}

/** What the browser is asked, as it takes it, and what it keeps in a cookie meanwhile. */
interface Asked {
  readonly options: object;
  readonly key: string;
}

export interface Answered extends Place {
  /** What came: anything. */
  readonly response: unknown;
  readonly key: string | undefined;
  readonly origin: string;
}

type Added =
  | { readonly is: "added" }
  | { readonly is: "refused"; readonly why: "late" | "unproven" | "known" };

type In =
  | { readonly is: "signed-in"; readonly token: string }
  | { readonly is: "refused"; readonly why: "late" | "unknown" | "stopped" | "unproven" };

/** The cookie of a challenge: read from `Cookie` fields, and as values of `Set-Cookie`. */
interface ChallengeCookies {
  keyIn(fields: readonly string[]): string | undefined;
  key(key: string): string;
  readonly noKey: string;
}
