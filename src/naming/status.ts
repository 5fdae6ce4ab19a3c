/*
 * What can be said of the names: by whom they are announced, where, and which of them another has.
 */
import type { PublishedBy } from "./publisher.ts";

export interface NameStatus {
  readonly name: string;
  /** `claimed`: asked for, and nobody has objected yet. `taken`: another machine has it. */
  readonly state: "announced" | "claimed" | "taken";
  /** Of a name that is taken: the address of who has it, where it is known. */
  readonly owner: string | undefined;
  /** Of a name that is taken: the name that stands in; undefined where those are taken too. */
  readonly instead: string | undefined;
}

export interface NamingStatus {
  /** Who announces; undefined where nothing is announced. */
  readonly by: PublishedBy | undefined;
  /** The interfaces names are announced on, and what they lead to there. */
  readonly links: readonly {
    readonly interfaceName: string;
    readonly addresses: readonly string[];
  }[];
  readonly names: readonly NameStatus[];
  /** Names of the plan that devices cannot resolve by multicast DNS. */
  readonly notCarried: readonly string[];
  /** Why names are not announced as they should be. */
  readonly trouble:
    | { readonly code: string; readonly message: string; readonly fix: string }
    | undefined;
}
