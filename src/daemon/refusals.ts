/*
 * Refusals at the gate, for the audit log. Strangers and forgotten pages knock again and again: each is told once
 * in a while, so that what is new is seen.
 */
import type { Access } from "../access/access.ts";
import type { Knock } from "../engines/needs.ts";

export interface Refusals {
  note(knock: Knock, why: string): void;
}

/** Milliseconds until the same is told again. */
const QUIET = 10 * 60_000;
/** Told ones remembered; beyond that all are forgotten, and told anew. */
const MOST_REMEMBERED = 1000;

interface RefusalNeeds {
  readonly access: Pick<Access, "audit"> | undefined;
  readonly steadyNow: () => number;
}

export function createRefusals({ access, steadyNow }: RefusalNeeds): Refusals {
  const told = new Map<string, number>();
  return {
    note({ app, host, address }, why) {
      const key = `${why} ${app.name} ${address}`;
      const now = steadyNow();
      if (now - (told.get(key) ?? -QUIET) < QUIET) return;
      if (told.size >= MOST_REMEMBERED) told.clear();
      told.set(key, now);
      access?.audit.write("visitor.refused", { why, app: app.name, host, address });
    },
  };
}
