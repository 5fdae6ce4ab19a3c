/*
 * What starting, stopping and looking needs of a container engine; docker.ts is that over Docker's socket.
 */
import type { ContainerSeen } from "./recognise.ts";
import type { RunSpec } from "./run-spec.ts";

export interface EngineFacts {
  readonly kind: "engine" | "desktop";
  readonly isRootless: boolean;
}

/** Layers of an image on their way: bytes so far, of those whose size is known. */
export interface PullProgress {
  readonly layers: number;
  readonly done: number;
  readonly bytes: number;
  readonly total: number;
}

export interface ContainerState {
  readonly isRunning: boolean;
  readonly restarts: number;
  readonly exitCode: number;
}

/** Every one throws the OPENHANDS_* trouble it met. */
export interface Containers {
  readonly socket: string;
  facts(): Promise<EngineFacts>;
  /** The host's address on the network `bridge`. */
  gateway(): Promise<string>;
  /** All of them, those that do not run included. */
  list(): Promise<readonly ContainerSeen[]>;
  hasImage(image: string): Promise<boolean>;
  pull(image: string, tell: (progress: PullProgress) => void, signal: AbortSignal): Promise<void>;
  /** @param secrets NAME=value. @returns its id. */
  create(spec: RunSpec, secrets: readonly string[]): Promise<string>;
  start(id: string, spec: Pick<RunSpec, "publish" | "generation">): Promise<void>;
  stop(id: string): Promise<void>;
  /** Takes it away, running or not; does nothing where it is gone. */
  remove(id: string): Promise<void>;
  state(id: string): Promise<ContainerState>;
  /** The last lines it said, for people. */
  lastWords(id: string): Promise<string>;
}
