/*
 * An app that add or up was given: which one it is, and what has to be set in it, in sentences. It asks the app; nothing
 * is changed.
 */
import { presetOf, titleOf } from "../../apps/presets/all.ts";
import type { AtDoor } from "../../apps/presets/preset.ts";
import { lookAtTraps, type TrapSeen } from "../../apps/recognise/look-at-traps.ts";
import { recognise, type Seen } from "../../apps/recognise/recognise.ts";
import { isPreset, type PresetName } from "../../model/preset.ts";
import type { AppSettings } from "../../model/settings.ts";
import { formatTarget, shortTarget } from "../../model/target.ts";
import { listListening } from "../../platform/listening.ts";
import type { Context } from "../command.ts";
import { exposureLines } from "./exposure-lines.ts";

export interface RecogniseWish {
  /** What the person said it is; undefined leaves it to recognition. */
  readonly wanted: PresetName | "none" | undefined;
  /** The door's secure port; 443 where it is not known. */
  readonly httpsPort: string;
}

export interface RecognisedApp {
  readonly app: AppSettings;
  /** For the person: what it is, and what to do about it. */
  readonly lines: readonly string[];
}

/** Takes three seconds at most, two where nothing is there. Never rejects for what the app does. */
export async function recogniseApp(
  context: Pick<Context, "host" | "run">,
  app: AppSettings,
  { wanted, httpsPort }: RecogniseWish,
): Promise<RecognisedApp> {
  if (wanted === "none") return { app, lines: [] };
  const seen = wanted === undefined ? await recognise(app.upstream) : undefined;
  const preset = wanted ?? presetFor(app, seen);
  const said = seen ? seenLines(app, seen) : [];
  const facts = presetOf(preset);
  if (preset === undefined || !facts) return { app, lines: said };
  const known = { ...app, preset };
  if (seen?.is === "down") return { app: known, lines: said };
  const traps = await lookAtTraps(facts, { upstream: app.upstream, at: atDoor(app, httpsPort) });
  const exposed = await exposureLines(known, () => listListening(context));
  return {
    app: known,
    lines: [...said, ...traps.flatMap((each) => trapLines(each, app, httpsPort)), ...exposed],
  };
}

/** What is not there cannot be asked; its name then stands for it. */
function presetFor({ name }: AppSettings, seen: Seen | undefined): PresetName | undefined {
  if (seen?.is === "known") return seen.preset;
  return seen?.is === "down" && isPreset(name) ? name : undefined;
}

function seenLines({ name, upstream }: AppSettings, seen: Seen): string[] {
  const target = formatTarget(upstream);
  const byName = isPreset(name) ? name : undefined;
  if (seen.is === "known") {
    const version = seen.version === undefined ? "" : ` ${seen.version}`;
    return [`What answers there is ${titleOf(seen.preset)}${version} (preset: ${seen.preset}).`];
  }
  if (seen.is === "down") {
    const taken = byName ? ` By its name it is taken for ${titleOf(byName)}.` : "";
    return [`Nothing answers at ${target} yet.${taken}`];
  }
  if (!byName) return [];
  return [
    `What answers there does not look like ${titleOf(byName)}. If it is: genkan remove ${name} && genkan add ${name} ${shortTarget(upstream)} --preset ${byName}`,
  ];
}

function trapLines({ trap, isRemedied }: TrapSeen, app: AppSettings, httpsPort: string): string[] {
  if (isRemedied === true) return [];
  return [trap.says, `  -> ${trap.remedy(atDoor(app, httpsPort))}`];
}

function atDoor({ name, hosts, access }: AppSettings, httpsPort: string): AtDoor {
  const port = httpsPort === "" ? "" : `:${httpsPort}`;
  return { origin: `https://${name}.local${port}`, hosts: [`${name}.local`, ...hosts], access };
}
