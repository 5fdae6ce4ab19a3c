/*
 * What the registry of sandboxes needs of others; compose.ts hands it something that fits.
 */
import type { SandboxPorts } from "../../engines/needs.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Plan } from "../../model/plan.ts";
import type { Interfaces } from "../../platform/network.ts";

/** What Docker says of the containers that are sandboxes of OpenHands, by their names. */
export interface SandboxContainers {
  /** What they publish now; undefined while Docker cannot be asked. Empty where it runs none. */
  published(): readonly PublishedPort[] | undefined;
  /** Asks Docker anew: an answer may name a sandbox before its event is here. Never rejects. */
  look(): Promise<void>;
  /** Tells that published() may have changed. @returns ends that. */
  onChange(listener: () => void): () => void;
}

export interface PublishedPort {
  readonly container: string;
  /** As Docker has it: `0.0.0.0`, `127.0.0.1`, `172.17.0.1`, `::`. */
  readonly address: string;
  /** On the machine. */
  readonly port: number;
}

export interface SandboxesNeeds {
  readonly ports: SandboxPorts;
  /** The plan in force, or about to be. */
  readonly plan: () => Plan;
  /** Undefined where nobody asks Docker. */
  readonly containers?: SandboxContainers | undefined;
  /** Addresses the door listens on, `::` and `0.0.0.0` among them, and its own two ports. */
  readonly listen: {
    readonly addresses: readonly string[];
    readonly httpsPort: number;
    readonly httpPort: number;
  };
  /** This machine's interfaces, as os.networkInterfaces() has them. */
  readonly interfaces: () => Interfaces;
  readonly clock: Clock;
  readonly log: Log;
}
