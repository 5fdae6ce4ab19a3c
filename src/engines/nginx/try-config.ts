/*
 * Lets nginx test a configuration before it takes effect, and finds the apps it does not accept, so that
 * one bad app does not keep the others from changing.
 */
import type { GenkanError } from "../../kernel/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { ProgramFailedError } from "../../platform/run.ts";
import { nginxErrors } from "./errors.ts";

/** Why nginx refuses a plan, or undefined. */
export type TryPlan = (plan: Plan) => Promise<string | undefined>;

export interface Tried {
  readonly plan: Plan;
  /** By name, the apps that had to be left out. */
  readonly troubles: ReadonlyMap<string, GenkanError>;
}

/**
 * The plan without the apps that nginx refuses.
 * @throws NGINX_REFUSED when it is none of the apps.
 */
export async function withoutRefused(plan: Plan, tryPlan: TryPlan): Promise<Tried> {
  const troubles = new Map<string, GenkanError>();
  if ((await tryPlan(plan)) === undefined) return { plan, troubles };
  const nobody = await tryPlan(only(plan, []));
  if (nobody !== undefined) throw nginxErrors.NGINX_REFUSED({ why: nobody });
  await search(plan.apps.map(({ name }) => name));
  const good = without(plan, troubles);
  const why = await tryPlan(good);
  if (why !== undefined) throw nginxErrors.NGINX_REFUSED({ why });
  return { plan: good, troubles };

  /** Halves the apps until each bad one stands alone. */
  async function search(names: readonly string[]): Promise<void> {
    const refused = names.length === 0 ? undefined : await tryPlan(only(plan, names));
    const [name] = names;
    if (refused === undefined || name === undefined) return;
    if (names.length === 1) {
      troubles.set(name, nginxErrors.NGINX_REFUSED_APP({ app: name, why: refused }));
      return;
    }
    const half = Math.ceil(names.length / 2);
    await search(names.slice(0, half));
    await search(names.slice(half));
  }
}

/** The plan without some apps. */
export function without(plan: Plan, apps: { has(name: string): boolean }): Plan {
  return only(
    plan,
    plan.apps.map(({ name }) => name).filter((name) => !apps.has(name)),
  );
}

function only(plan: Plan, names: readonly string[]): Plan {
  const kept = new Set(names);
  return {
    apps: plan.apps.filter(({ name }) => kept.has(name)),
    routes: new Map(
      [...plan.routes].filter(([, route]) => route.kind === "portal" || kept.has(route.app.name)),
    ),
  };
}

/**
 * nginx's own words, the first that matter: `[emerg] 12#12: ... in nginx.conf:7`.
 * @throws what is no refusal: an nginx that is gone, or came to no end, says nothing about the apps.
 */
export function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof ProgramFailedError) || thrown.end.exitCode === undefined) throw thrown;
  const { output } = thrown.end;
  const line = output.split("\n").find((text) => /\[(?:emerg|alert|crit)\]/.test(text));
  return line?.replace(/^.*?\[\w+\]\s*(?:\d+#\d+:\s*)?/, "").trim() ?? thrown.message;
}
