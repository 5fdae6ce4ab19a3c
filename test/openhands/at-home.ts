/*
 * A home whose door has OpenHands behind it, as the configuration says it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PresetName } from "../../src/model/preset.ts";
import { tempFolder } from "../support/temp.ts";

/** A folder for GENKAN_HOME, gone when the test ends; the app is `openhands`, and the household's. */
export function homeWithOpenHands(preset: PresetName, port: number): string {
  const home = tempFolder();
  const lines = ["apps:", "  openhands:", `    target: 127.0.0.1:${port}`, `    preset: ${preset}`];
  writeFileSync(join(home, "genkan.yaml"), `${lines.join("\n")}\n`);
  return home;
}
