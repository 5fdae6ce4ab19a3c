/*
 * What the steps at a sandbox's port know of it.
 */
import type { SandboxPlace } from "../../needs.ts";

/** A sandbox's port as a request meets it. */
export interface AtPort {
  readonly place: SandboxPlace;
  readonly doorPort: number;
  /** The door's own secure port, where the app's page and the portal are. */
  readonly mainPort: number;
}
