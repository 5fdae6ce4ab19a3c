/*
 * A name that another machine has: who that is, and how it is told.
 */
import type { GenkanError } from "../kernel/errors.ts";
import type { Host } from "../platform/host.ts";
import { askNetwork } from "./ask.ts";
import { namingErrors } from "./errors.ts";
import type { Link } from "./links.ts";

export interface Loss {
  readonly name: string;
  readonly owner: string | undefined;
  readonly instead: string | undefined;
}

/** The loss in words, with what to do. */
export function lossError({ name, owner, instead }: Loss): GenkanError {
  return instead === undefined
    ? namingErrors.NAMING_NAME_LOST({ name, owner })
    : namingErrors.NAMING_NAME_TAKEN({ name, owner, instead });
}

/** Milliseconds a device on the same link may take to answer. */
const PATIENCE = 1_000;

export interface Where {
  readonly links: readonly Link[];
  readonly host: Host;
  readonly isOurs: (address: string) => boolean;
}

/** Another machine's address for a name, asked for on the network; undefined where nobody else has it. */
export async function findOwner(
  name: string,
  { links, host, isOurs }: Where,
): Promise<string | undefined> {
  const zonesAreNumbers = host.os === "windows";
  const asked = links.flatMap((link) =>
    (["A", "AAAA"] as const).map((type) =>
      askNetwork({ name, type, link, zonesAreNumbers, patience: PATIENCE }),
    ),
  );
  // A link that cannot be asked tells nothing; the others may.
  const answers = await Promise.allSettled(asked);
  return answers
    .flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []))
    .find((address) => !isOurs(address));
}
