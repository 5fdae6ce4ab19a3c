/*
 * `--preset NAME|none`: the person's word on which app it is, over what recognition finds. Called by add.
 */
import { didYouMean } from "../../kernel/suggest.ts";
import { isPreset, PRESETS, type PresetName } from "../../model/preset.ts";
import { cliErrors } from "../errors.ts";

/** Undefined where nothing was said. @throws PRESET_UNKNOWN */
export function parsePresetOption(text: string | undefined): PresetName | "none" | undefined {
  if (text === undefined || text === "none" || isPreset(text)) return text;
  const hint = didYouMean(text, [...PRESETS, "none"]);
  throw cliErrors.PRESET_UNKNOWN({ preset: text, hint, known: PRESETS.join(", ") });
}
