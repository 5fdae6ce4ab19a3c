/*
 * A port of a sandbox that the door has open, as the registry keeps it and others may see it.
 */
import type { Generation, NamedPlace, SandboxKind } from "../../apps/openhands/place.ts";
import type { Upstream } from "../../model/target.ts";
import type { Keys } from "./keys.ts";

export interface OpenSandbox {
  readonly app: string;
  readonly generation: Generation;
  readonly kind: SandboxKind;
  /** As the app names it. */
  readonly port: number;
  readonly doorPort: number;
  /** Where it is dialled. */
  readonly upstream: Upstream;
  /** What tells sandboxes of an app apart, where an answer said it. */
  readonly sandbox: string | undefined;
  /** Docker's name for it, as soon as Docker knows. */
  container: string | undefined;
  /** Whether anybody has ever listened there. */
  isHeard: boolean;
  /** Looks in a row that found nobody. */
  silent: number;
}

export interface Entry extends OpenSandbox {
  readonly keys: Keys;
}

/** A port that was given to another sandbox, or to another thing in it, is another place. */
export function isOfSame(entry: Entry, { kind, sandbox }: NamedPlace): boolean {
  const isOther = entry.sandbox !== undefined && sandbox !== undefined && entry.sandbox !== sandbox;
  return entry.kind === kind && !isOther;
}
