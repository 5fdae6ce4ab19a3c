/*
 * What an answer of OpenHands says of one port of a sandbox. Made by read-places.ts; whoever opens ports decides
 * what to believe of it.
 */
import type { JsonText } from "./shaped-json.ts";

/** As an engine's SandboxPlace has it (engines/needs.ts). */
export type SandboxKind = "agent-server" | "editor" | "app";

export type Generation = "0.36" | "1";

export interface NamedPlace {
  readonly generation: Generation;
  readonly kind: SandboxKind;
  /** `localhost`, an address without brackets or another name, lower case. */
  readonly host: string;
  readonly port: number;
  /** Whether the generation gives such a port to such a thing. */
  readonly isInRange: boolean;
  /** What tells this sandbox from others of the app, where the answer says it. */
  readonly sandbox: string | undefined;
  /** The sandbox's own key, where it stands beside it. */
  readonly key: string | undefined;
  /** The string its URL is. */
  readonly at: JsonText;
}
