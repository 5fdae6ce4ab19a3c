/*
 * A store: one place that keeps trusted roots. One file per kind of store, one chooser
 * (stores.ts), one runner (trust.ts). Whether a root is in a store is decided by its bytes or its
 * fingerprint, never by a name; only that very certificate is ever taken out.
 */
import type { Root } from "./needs.ts";

export type Action = "install" | "remove";

/** Who reads the store, which is also how doctor groups them. `windows` is the Windows around a WSL. */
export type Audience = "system" | "chromium" | "firefox" | "java" | "windows";

/** Something that will be done, in words; the command where one is run. */
export interface Step {
  readonly says: string;
  readonly command?: string;
}

export interface TrustStore {
  /** Stable: `system`, `nss:/home/ada/.pki/nssdb`, `firefox-policy`, `java:/etc/pki/java/cacerts`. */
  readonly id: string;
  /** For people: "the system's store (Debian)". */
  readonly title: string;
  readonly audience: Audience;
  /** Only the administrator may change it, and this process is not run by one. */
  readonly needsRoot: boolean;
  /** Whether its readers trust exactly this root now. @throws GenkanError where it cannot tell. */
  has(root: Root): Promise<boolean>;
  /** Puts it in. Doing it again is harmless. @throws GenkanError */
  install(root: Root): Promise<void>;
  /** Takes exactly this certificate out; harmless where it is not in. @throws GenkanError */
  remove(root: Root): Promise<void>;
  /** What install or remove would do. Touches nothing. */
  plan(root: Root, action: Action): readonly Step[];
}
