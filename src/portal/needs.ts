/*
 * What the door's pages need from strangers; daemon/compose.ts hands it something that fits.
 */
import type { Scope } from "../model/scope.ts";
import type { Upstream } from "../model/target.ts";

/** The authority's root as it is at this moment; read anew for every page. */
export interface RootSource {
  /** The certificate, PEM. */
  readonly pem: string;
  /** The same, DER: what phones want. */
  readonly der: Uint8Array;
  /** SHA-256 of the DER, `AA:BB:...`. */
  readonly fingerprint256: string;
  /** The same, as words to say aloud. */
  readonly words: readonly string[];
  /** What it may vouch for; undefined where it has no limits. */
  readonly scope: Scope | undefined;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Where the door is, as other devices reach it; asked anew for every page, since networks move. */
export interface DoorPlace {
  /** `http://192.168.1.20`: what resolves on every device. Undefined where no other device reaches the door. */
  readonly plainOrigin: string | undefined;
  /** `https://genkan.local`, with the port where it is not 443. */
  readonly secureOrigin: string;
}

/** A trouble as the visitor meets it; the page is chosen by `status` and by whether an app is named. */
export interface Problem {
  readonly status: number;
  /** Stable, `DOOR_UNKNOWN_HOST`. */
  readonly code: string;
  /** Whose move it is. */
  readonly blame: "visitor" | "app" | "door";
  /** Short id that is also in the log, where something was logged. */
  readonly id?: string;
  /** The request's method: only an answer to GET reloads itself. Undefined counts as GET. */
  readonly method?: string;
  readonly app?: { readonly name: string; readonly upstream: Upstream };
  /** Why, in half a sentence: "connection refused". */
  readonly why?: string;
  /** Where the visitor signs in, where that is what is missing. */
  readonly signIn?: string;
}

export interface ProblemAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
