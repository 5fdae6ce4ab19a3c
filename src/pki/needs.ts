/*
 * What leaves need from strangers; daemon/compose.ts hands it something that fits.
 */

/** What the door answers for, at this moment. Asked at every handshake, so it must be cheap. */
export interface DoorNames {
  /** Whether a host name is in the plan. */
  allowed(name: string): boolean;
  /** This machine's addresses; those outside the authority's scope are left out of the leaf. */
  addresses(): readonly string[];
}
