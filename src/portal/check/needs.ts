/*
 * What checking a device needs from strangers; daemon/compose.ts hands it something that fits.
 */

/** What the engine knows of the connection a request came on. */
export interface Met {
  /** `h2`, `http/1.1`, as it was spoken with the visitor. */
  readonly protocol: string;
  /** The visitor's address. */
  readonly from: string;
  /** The address of this machine the visitor reached. */
  readonly at: string;
}

/** When a certificate is valid, milliseconds since the epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate with its key, PEM; the chain without the root. */
export interface PortLeaf {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface LimitsCertificates {
  /** An ordinary certificate for one of the door's names, another than the door itself shows. */
  readonly witness: (name: string) => Promise<PortLeaf>;
  /** One that should be refused; undefined where the authority has no limits. */
  readonly canary: ((name: string) => Promise<PortLeaf>) | undefined;
}
