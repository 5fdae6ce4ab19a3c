/*
 * What the daemon sees of an engine: something that can be made to follow a plan, and stopped.
 */
import type { GenkanError } from "../kernel/errors.ts";
import type { Plan } from "../model/plan.ts";

export interface Engine {
  readonly name: "node" | "nginx";
  /**
   * Makes the plan true. The first call opens the listeners; later ones touch no connection of an
   * app that did not change. A rejection leaves the earlier plan in force.
   */
  apply(plan: Plan): Promise<void>;
  /** Where it listens, after the first apply. */
  listening(): readonly Listening[];
  /** What passes through right now. */
  traffic(): readonly AppTraffic[];
  /** Apps that had to be left out of the plan in force, and why; an app "" stands for the engine itself. */
  troubles?(): readonly EngineTrouble[];
  /** Takes no new connections, lets running exchanges end for at most `graceMs`, then ends the rest. */
  stop(graceMs: number): Promise<void>;
}

export interface EngineTrouble {
  readonly app: string;
  readonly error: GenkanError;
}

export interface Listening {
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
}

export interface AppTraffic {
  readonly app: string;
  /** Requests since the door opened. */
  readonly requests: number;
  /** Exchanges under way, WebSockets not counted; undefined where the engine cannot tell. */
  readonly active: number | undefined;
  readonly webSockets: number;
}

/** What to listen on. Every address gets the secure and the plain port. */
export interface ListenSpec {
  /** Addresses; `["::"]` for all (dual stack), `["0.0.0.0"]` where the machine has no IPv6. */
  readonly addresses: readonly string[];
  readonly httpsPort: number;
  readonly httpPort: number;
}
