/*
 * A text -> Settings, or everything that is wrong with it at once. Pure; load.ts and edit-file.ts
 * decide what becomes of the answer.
 */
import type { Settings } from "../model/settings.ts";
import { type ConfigDocument, parseConfigDocument } from "./document.ts";
import { faultsOf } from "./issues.ts";
import type { Fault, Problem } from "./problem.ts";
import { nameFaults, settingsFaults, settingsWarnings } from "./rules.ts";
import { CONFIG_VERSION, configSchema, KNOWN_KEYS } from "./schema.ts";
import { toSettings } from "./settings.ts";

export type Checked =
  | {
      readonly is: "valid";
      readonly settings: Settings;
      /** What is right, and still worth a look. */
      readonly warnings: readonly Problem[];
    }
  | { readonly is: "wrong"; readonly problems: readonly Problem[] }
  /** Written for a later Genkan: what this one does not know there is not wrong. */
  | { readonly is: "newer"; readonly version: number };

export function checkConfig(text: string): Checked {
  const document = parseConfigDocument(text);
  if (document.problems.length > 0) return { is: "wrong", problems: document.problems };
  const value = document.value() ?? {};
  const version = ownValue(value, "version");
  if (typeof version === "number" && version > CONFIG_VERSION) return { is: "newer", version };

  const read = configSchema.safeParse(value);
  const apps = ownValue(value, "apps");
  const names = Array.isArray(apps) ? [] : Object.keys(Object(apps));
  const faults = [
    ...(read.success ? [] : faultsOf(read.error.issues, value, KNOWN_KEYS)),
    ...nameFaults(names),
  ];
  if (!read.success || faults.length > 0) return wrong(document, faults);

  const settings = toSettings(read.data);
  const between = settingsFaults(settings, names);
  if (between.length > 0) return wrong(document, between);
  return {
    is: "valid",
    settings,
    warnings: settingsWarnings(settings).map((fault) => document.locate(fault)),
  };
}

function wrong(document: ConfigDocument, faults: readonly Fault[]): Checked {
  const problems = faults.map((fault) => document.locate(fault));
  return {
    is: "wrong",
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
}

function ownValue(value: unknown, key: string): unknown {
  return Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined;
}
