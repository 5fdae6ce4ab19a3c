/*
 * One leaf kept current, one issuance at once. vault.ts has one for every name and one for the
 * addresses; freshness.ts decides.
 *
 * A leaf past two thirds of its life is served at once and renewed meanwhile: no visitor waits for
 * a signature, and a renewal that fails troubles nobody for a month. One that has expired is never
 * served: the next is made first.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Authority } from "./authority.ts";
import { isUnexpired, stepAt } from "./freshness.ts";
import type { IssuedLeaf } from "./issue.ts";
import type { LeafFiles } from "./leaf-files.ts";
import { type LeafRequest, sameRequest } from "./rules.ts";

export interface KeptLeaf {
  /** The leaf for these names, valid now. @throws what Authority.issue throws, where none is left that is valid */
  current(wanted: LeafRequest): Promise<IssuedLeaf>;
  /** When nothing is being made any more. */
  settled(): Promise<void>;
}

export interface KeptLeafSpec {
  readonly authority: Authority;
  readonly files: LeafFiles;
  readonly clock: Clock;
  readonly log: Log;
}

interface Held {
  readonly leaf: IssuedLeaf;
  readonly names: LeafRequest;
}

export function createKeptLeaf({ authority, files, clock, log }: KeptLeafSpec): KeptLeaf {
  let held: Held | undefined;
  let work: { readonly names: LeafRequest; readonly done: Promise<IssuedLeaf> } | undefined;
  let failedAt: number | undefined;

  const stepWith = (there: Held, wanted: LeafRequest) =>
    stepAt({ ...there, wanted, now: clock.now(), failedAt });

  async function current(wanted: LeafRequest): Promise<IssuedLeaf> {
    const step = held ? stepWith(held, wanted) : "wait";
    if (held && step !== "wait") {
      if (step === "serve-and-renew" && !work) begin(wanted).catch(toldByObtain);
      return held.leaf;
    }
    if (!work) return begin(wanted);
    if (sameRequest(work.names, wanted)) return work.done;
    await work.done.catch(toldByObtain); // the addresses changed while a leaf was being made
    return current(wanted);
  }

  function begin(names: LeafRequest): Promise<IssuedLeaf> {
    const done = obtain(names).finally(() => {
      work = undefined;
    });
    work = { names, done };
    return done;
  }

  async function obtain(names: LeafRequest): Promise<IssuedLeaf> {
    held ??= await storedIn(files, names);
    if (held && stepWith(held, names) === "serve") return held.leaf;
    try {
      const leaf = await authority.issue(names);
      held = { leaf, names };
      log.info("leaf.issued", { ...names, until: new Date(leaf.notAfter).toISOString() });
      files.save(names, leaf);
      return leaf;
    } catch (thrown) {
      log.error("leaf.not-issued", { ...names, why: thrown });
      failedAt = clock.now();
      // Better the old leaf than none: the clock was set back, or the addresses changed.
      if (held && isUnexpired(held.leaf, clock.now())) return held.leaf;
      throw thrown;
    }
  }

  async function settled(): Promise<void> {
    await work?.done.catch(toldByObtain);
  }
  return { current, settled };
}

async function storedIn(files: LeafFiles, names: LeafRequest): Promise<Held | undefined> {
  const leaf = await files.load(names);
  return leaf && { leaf, names };
}

/** A failure nobody waits for here: whoever asked for that leaf gets it, and it is in the log. */
function toldByObtain(): void {}
