/*
 * What it means that an app is open, for the one who opened it. Pure text.
 */
import { runsCode } from "../apps/runs-code.ts";
import { presetOf } from "../apps/presets/all.ts";
import type { AppAccess } from "../model/admission.ts";
import type { PresetName } from "../model/preset.ts";

interface App {
  readonly name: string;
  readonly access: AppAccess;
  readonly preset?: PresetName | undefined;
}

/** A line for those that are open, and one for each of them that runs code; none where none is open. */
export function openLines(apps: readonly App[]): string[] {
  const open = apps.filter(({ access }) => access === "open");
  if (open.length === 0) return [];
  const names = inWords(open.map(({ name }) => name));
  const all = `Anyone on this network can open ${names}: nobody is asked to sign in.`;
  return [all, ...open.flatMap(warnings)];
}

function warnings({ name, preset }: App): string[] {
  const facts = presetOf(preset);
  if (facts ? facts.runsCode : runsCode(name)) return [warning(name)];
  if (facts?.signIn !== "none") return [];
  return [`${name} asks nobody who they are, either: everyone here can use all of it.`];
}

function warning(name: string): string {
  return `WARNING: ${name} runs code. Whoever opens it can do there whatever it can do. To ask for sign-in, say access: household for it in genkan.yaml`;
}

/** `a`, `a and b`, `a, b and c` */
export function inWords(names: readonly string[]): string {
  const [last = "", ...before] = names.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}
