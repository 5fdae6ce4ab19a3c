/*
 * How to tell that an app Genkan knows is set for standing behind the door: each of its traps that can be seen from
 * outside is looked at, asked as the door asks. Doctor runs these for every app with a preset.
 */
import type { Check, Finding } from "../kernel/check.ts";
import type { PresetName } from "../model/preset.ts";
import type { Upstream } from "../model/target.ts";
import { presetOf, titleOf } from "./presets/all.ts";
import type { AtDoor, Trap } from "./presets/preset.ts";
import { lookAtTrap } from "./recognise/look-at-traps.ts";
import { recognise } from "./recognise/recognise.ts";

export interface PresetApp {
  readonly name: string;
  readonly preset: PresetName | undefined;
  readonly upstream: Upstream;
  readonly at: AtDoor;
}

/** None for an app like any other. */
export function presetChecks(app: PresetApp): Check[] {
  const facts = presetOf(app.preset);
  if (!facts || app.preset === undefined) return [];
  const { preset } = app;
  const kind: Check = {
    id: `app.${app.name}.preset`,
    title: `${app.name} is what the configuration says it is`,
    dependsOn: [`app.${app.name}.upstream`],
    look: () => lookAtKind(app, preset),
  };
  const visible = facts.traps.filter((trap) => trap.look && trap.applies?.(app.at) !== false);
  return [kind, ...visible.map((trap) => trapCheck(trap, app, facts.title))];
}

async function lookAtKind({ name, upstream }: PresetApp, preset: PresetName): Promise<Finding> {
  const seen = await recognise(upstream);
  if (seen.is === "down") return { state: "unknown", why: "nothing answered" };
  if (seen.is === "unknown")
    return { state: "unknown", why: "it answers as none that Genkan knows" };
  const isSame = seen.preset === preset || seen.preset.startsWith(`${preset}@`);
  const isWider = preset.startsWith(`${seen.preset}@`);
  if (isSame || isWider) return { state: "well", note: titleOf(seen.preset) };
  return {
    state: "unwell",
    severity: "high",
    says: `${name} is said to be ${titleOf(preset)}, and answers as ${titleOf(seen.preset)}.`,
    fix: { says: `Write preset: ${seen.preset} for ${name} in genkan.yaml` },
  };
}

function trapCheck(trap: Trap, { name, upstream, at }: PresetApp, title: string): Check {
  return {
    id: `app.${name}.${trap.id}`,
    title: `${title} is set for the door (${trap.id})`,
    dependsOn: [`app.${name}.upstream`],
    look: async (signal) => {
      const isRemedied = await lookAtTrap(trap, { upstream, at, signal });
      if (isRemedied === true) return { state: "well" };
      if (isRemedied === undefined) return { state: "unknown", why: "its answer does not tell" };
      const fix = { says: trap.remedy(at) };
      return { state: "unwell", severity: "high", says: trap.says, fix };
    },
  };
}
