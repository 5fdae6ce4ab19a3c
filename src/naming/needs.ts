/*
 * What publishing names needs from strangers; daemon/compose.ts hands it something that fits.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Host } from "../platform/host.ts";
import type { Interfaces } from "../platform/network.ts";
import type { StartProgram } from "../platform/run.ts";

export interface NamingNeeds {
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Log;
  readonly start: StartProgram;
  /** The machine's interfaces, as they are now. */
  readonly interfaces: () => Interfaces;
  /** The addresses the door listens on, `::` or `0.0.0.0` for all, and its secure port. */
  readonly listen: { readonly addresses: readonly string[]; readonly httpsPort: number };
  /**
   * Names that belong to another machine, and what stands in for each: the door is to answer to those as
   * well. Comes back as the next `apply`.
   */
  readonly onRenamed: () => void;
  /** A remark for the person who watches. */
  readonly note: (text: string) => void;
}
