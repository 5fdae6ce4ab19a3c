/*
 * Something changed -> read the configuration -> compile it -> apply the plan, one change at a
 * time. Whatever fails, the old plan runs on and the failure is kept for status and doctor.
 */
import { GenkanError, messageOf } from "../kernel/errors.ts";
import type { Log } from "../kernel/log.ts";
import { diff } from "../model/diff.ts";
import type { Plan } from "../model/plan.ts";
import type { Settings } from "../model/settings.ts";

export interface ReconcileSpec {
  /** Reads what the person asked for. */
  readonly load: () => Promise<Settings>;
  readonly compile: (settings: Settings) => Plan;
  readonly apply: (plan: Plan) => Promise<void>;
  /** Told of every change that is in force, after the first plan. */
  readonly onChanged: (change: PlanChange) => void;
  readonly log: Log;
}

/** Names of apps. */
export interface PlanChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface Reconciler {
  /** Follows the configuration as it is now. Never rejects: what went wrong is in `trouble()`. */
  follow(): Promise<void>;
  plan(): Plan;
  /** Why the configuration on disk is not in force; undefined while it is. */
  trouble(): GenkanError | undefined;
  /** Keys whose new value waits for the next start. */
  waiting(): readonly string[];
}

/**
 * Makes the first plan true and gives what follows later changes.
 * @throws what loading, compiling or applying the first plan throws: there is no old plan to keep.
 */
export async function startReconciler(first: Settings, spec: ReconcileSpec): Promise<Reconciler> {
  let plan = spec.compile(first);
  await spec.apply(plan);
  let trouble: GenkanError | undefined;
  let waiting: readonly string[] = [];
  let queue = Promise.resolve();

  async function change(): Promise<void> {
    try {
      const settings = await spec.load();
      const next = spec.compile(settings);
      const { added, removed, changed } = diff(plan, next);
      const isSame = added.length + removed.length + changed.length === 0;
      if (!isSame || namesOfRoutes(plan) !== namesOfRoutes(next)) await spec.apply(next);
      plan = next;
      waiting = fixedAtStart(first, settings);
      trouble = undefined;
      const names = { added: namesOf(added), removed: namesOf(removed), changed: namesOf(changed) };
      spec.log.info("plan.applied", { ...names, waiting });
      if (!isSame) spec.onChanged(names);
    } catch (thrown) {
      trouble = thrown instanceof GenkanError ? thrown : unexpected(thrown);
      spec.log.warn("plan.kept", { code: trouble.code, why: trouble.message });
    }
  }
  return {
    follow: () => (queue = queue.then(change)),
    plan: () => plan,
    trouble: () => trouble,
    waiting: () => waiting,
  };
}

function namesOf(apps: readonly { readonly name: string }[]): string[] {
  return apps.map((app) => app.name);
}

/** The portal's names can change without an app's. */
function namesOfRoutes({ routes }: Plan): string {
  return [...routes.keys()].join(" ");
}

function unexpected(thrown: unknown): GenkanError {
  return new GenkanError(
    {
      code: "BUG",
      message: `The change could not be made: ${messageOf(thrown)}`,
      fix: "See more: genkan logs",
    },
    { cause: thrown },
  );
}

/** What an open door cannot change under itself, by its key in genkan.yaml. */
const AT_START = {
  authority: "authority",
  engine: "engine",
  addresses: "addresses",
  httpsPort: "https_port",
  httpPort: "http_port",
  domains: "domains",
  dns: "dns",
  docker: "docker",
} as const;

function fixedAtStart(first: Settings, now: Settings): string[] {
  const keys = Object.keys(AT_START) as (keyof typeof AT_START)[];
  return keys
    .filter((key) => JSON.stringify(first[key]) !== JSON.stringify(now[key]))
    .map((key) => AT_START[key]);
}
