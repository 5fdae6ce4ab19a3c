/*
 * What it means that an app is open, for the one who opened it. Pure text.
 */
import { runsCode } from "../apps/runs-code.ts";
import type { AppAccess } from "../model/admission.ts";

interface App {
  readonly name: string;
  readonly access: AppAccess;
}

/** A line for those that are open, and one for each of them that runs code; none where none is open. */
export function openLines(apps: readonly App[]): string[] {
  const open = apps.filter(({ access }) => access === "open").map(({ name }) => name);
  if (open.length === 0) return [];
  const all = `Anyone on this network can open ${inWords(open)}: nobody is asked to sign in.`;
  return [all, ...open.filter(runsCode).map(warning)];
}

function warning(name: string): string {
  return `WARNING: ${name} runs code. Whoever opens it can do there whatever it can do. To ask for sign-in, say access: household for it in genkan.yaml`;
}

/** `a`, `a and b`, `a, b and c` */
export function inWords(names: readonly string[]): string {
  const [last = "", ...before] = names.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}
