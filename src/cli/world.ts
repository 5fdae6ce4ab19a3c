/*
 * What one run of the command line is given: main.ts hands in the real world, tests one of their own.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Host } from "../platform/host.ts";
import type { Run } from "../platform/run.ts";

export interface World {
  /** The words after `genkan`. */
  readonly argv: readonly string[];
  /** Describes the machine and gives the hand that starts programs; asked when a command needs them. */
  readonly loadMachine: () => Promise<{ readonly host: Host; readonly run: Run }>;
  readonly clock: Clock;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Registers what happens at SIGINT, SIGTERM and SIGHUP; without it they end the process at once. */
  readonly onSignal: (listener: () => void) => void;
}
