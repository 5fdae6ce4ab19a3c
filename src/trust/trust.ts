/*
 * Putting a root into a machine's stores, and taking it out: store by store, each looked at before
 * and after. What happened is data; the command line says it. One store's trouble does not keep
 * the others from being done, and nothing here ever asks for more rights than the process has.
 */
import { codeOf, GenkanError, messageOf } from "../kernel/errors.ts";
import { trustErrors } from "./errors.ts";
import type { Root } from "./needs.ts";
import type { Action, Step, TrustStore } from "./store.ts";

export type StoreResult = { readonly store: string; readonly title: string } & (
  | { readonly outcome: "done" | "already" }
  /** A dry run: this would be done. */
  | { readonly outcome: "planned"; readonly steps: readonly Step[] }
  /** Left alone; `command` does it. */
  | { readonly outcome: "needs-root"; readonly steps: readonly Step[]; readonly command: string }
  | { readonly outcome: "failed"; readonly error: GenkanError }
);

export interface TrustRequest {
  readonly root: Root;
  readonly stores: readonly TrustStore[];
  /** Says what would be done, and changes nothing. */
  readonly dryRun: boolean;
  /** Hears every result as it comes; those that need root come first. */
  readonly report: (result: StoreResult) => void;
  /** Hears what is about to be done to a store, before it is (a window may ask for a password). */
  readonly announce?: (store: TrustStore, steps: readonly Step[]) => void;
}

/** Puts the root into every store. Rejects only for bugs of ours. */
export function trustRoot(request: TrustRequest): Promise<StoreResult[]> {
  return change(request, "install");
}

/** Takes exactly this root out of every store; other roots, earlier ones of ours too, stay. */
export function untrustRoot(request: TrustRequest): Promise<StoreResult[]> {
  return change(request, "remove");
}

async function change(request: TrustRequest, action: Action): Promise<StoreResult[]> {
  const { report } = request;
  const early: StoreResult[] = [];
  const todo: TrustStore[] = [];
  for (const store of request.stores) {
    const result = await beforehand(request, store, action);
    if (result) early.push(result);
    else todo.push(store);
  }
  const byNeed = early.toSorted((a, b) => Number(isForRoot(b)) - Number(isForRoot(a)));
  byNeed.forEach(report);
  const late: StoreResult[] = [];
  for (const store of todo) {
    const result = await act(request, store, action);
    report(result);
    late.push(result);
  }
  return [...byNeed, ...late];
}

function isForRoot(result: StoreResult): boolean {
  return result.outcome === "needs-root";
}

/** The result where nothing is to be done, or may be; undefined where the store is to be changed. */
async function beforehand(
  { root, dryRun }: TrustRequest,
  store: TrustStore,
  action: Action,
): Promise<StoreResult | undefined> {
  const { id, title } = store;
  try {
    if ((await store.has(root)) === (action === "install")) {
      return { store: id, title, outcome: "already" };
    }
  } catch (thrown) {
    return failed(store, thrown);
  }
  const steps = store.plan(root, action);
  if (store.needsRoot) {
    const command = action === "install" ? "sudo genkan trust" : "sudo genkan untrust";
    return { store: id, title, outcome: "needs-root", steps, command };
  }
  return dryRun ? { store: id, title, outcome: "planned", steps } : undefined;
}

async function act(
  { root, announce }: TrustRequest,
  store: TrustStore,
  action: Action,
): Promise<StoreResult> {
  const { id, title } = store;
  try {
    announce?.(store, store.plan(root, action));
    await store[action](root);
    // Nothing is claimed that was not seen.
    const isIn = await store.has(root);
    if (action === "install" && !isIn) throw trustErrors.TRUST_NOT_INSTALLED({ store: title });
    if (action === "remove" && isIn) throw trustErrors.TRUST_NOT_REMOVED({ store: title });
    return { store: id, title, outcome: "done" };
  } catch (thrown) {
    return failed(store, thrown);
  }
}

/** A trouble of the store or the system. Anything else is a bug, and goes on. */
function failed({ id, title }: TrustStore, thrown: unknown): StoreResult {
  if (thrown instanceof GenkanError) return { store: id, title, outcome: "failed", error: thrown };
  if (codeOf(thrown) === undefined) throw thrown;
  const p = { store: title, why: messageOf(thrown) };
  const error = trustErrors.TRUST_STORE_FAILED(p, { cause: thrown });
  return { store: id, title, outcome: "failed", error };
}
