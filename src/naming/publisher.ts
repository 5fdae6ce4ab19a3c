/*
 * What makes names known on the network: Avahi, macOS' own responder, or ours. naming.ts chooses one
 * and hands it names and links; whatever happens to a name later comes back as an event.
 */
import type { GenkanError } from "../kernel/errors.ts";
import type { Link } from "./links.ts";

export type PublishedBy = "avahi" | "dns-sd" | "own";

export interface PublisherEvents {
  /** The name is ours: nobody objected. */
  held(name: string): void;
  /**
   * Another machine has the name; it is announced no more until it is asked for again.
   * @param owner the other's address, where it is known.
   */
  conflict(name: string, owner: string | undefined): void;
  /** It cannot do its work; undefined when it can again. */
  trouble(error: GenkanError | undefined): void;
}

export interface Publisher {
  readonly by: PublishedBy;
  /**
   * From now on exactly these names are announced, on exactly these links; what stays the same is not touched.
   * @throws where the names cannot be announced at all; another publisher is tried then.
   */
  publish(names: readonly string[], links: readonly Link[]): Promise<void>;
  /** Takes the names back. @param farewell tells the network; left out where another publisher goes on. */
  stop(farewell: boolean): Promise<void>;
}
