/*
 * genkan.yaml -> Settings. The daemon calls it at every change, commands once; nothing is ever patched
 * into the result.
 */
import type { Settings } from "../model/settings.ts";
import { type Checked, checkConfig } from "./check.ts";
import { configErrors } from "./errors.ts";
import { readConfigText } from "./read-text.ts";
import { lineOf, reportOf } from "./report.ts";
import { CONFIG_VERSION } from "./schema.ts";

export interface LoadedConfig {
  readonly settings: Settings;
  /** What is right and still worth a look, as lines to show. */
  readonly warnings: readonly string[];
  /** The file's text; empty where there is no file. */
  readonly text: string;
}

/**
 * Reads the file; one that is absent or empty is the configuration without apps.
 * @throws CONFIG_INVALID with every problem in its message, CONFIG_FROM_NEWER_VERSION, and what
 *   readConfigText throws
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  return readConfig(path, (await readConfigText(path)) ?? "");
}

/** The same for a text that was read already. */
export function readConfig(path: string, text: string): LoadedConfig {
  const checked = checkConfig(text);
  if (checked.is !== "valid") throw refusalOf(path, checked);
  const warnings = checked.warnings.map((warning) => lineOf(path, warning));
  return { settings: checked.settings, warnings, text };
}

function refusalOf(path: string, checked: Exclude<Checked, { is: "valid" }>): Error {
  if (checked.is === "wrong") {
    return configErrors.CONFIG_INVALID({ path, report: reportOf(path, checked.problems) });
  }
  const { version } = checked;
  return configErrors.CONFIG_FROM_NEWER_VERSION({ path, version, known: CONFIG_VERSION });
}
