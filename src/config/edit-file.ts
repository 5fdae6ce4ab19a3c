/*
 * A change to genkan.yaml on disk: the commands add and remove, and later the portal. A file that is
 * wrong is not touched, a change that would make it wrong is not made, and what somebody else saves
 * in the meantime is not lost.
 */
import { setTimeout as wait } from "node:timers/promises";
import { codeOf } from "../kernel/errors.ts";
import type { Settings } from "../model/settings.ts";
import { writeAtomic } from "../platform/files.ts";
import { type Lock, takeLock } from "../platform/lock.ts";
import { checkConfig } from "./check.ts";
import { configErrors } from "./errors.ts";
import { type LoadedConfig, readConfig } from "./load.ts";
import { readConfigText } from "./read-text.ts";
import { reportOf } from "./report.ts";

export interface ConfigEdit {
  /** The new text from the old one (edit.ts); it may be asked again where the file changed meanwhile. */
  readonly change: (text: string) => string;
  /** Looks at what the new text says before it is written; a throw leaves the file alone. */
  readonly accept?: (settings: Settings) => Promise<void> | void;
  /** How often to look whether another genkan is done with the file, 25 ms apart; 400 times unless told. */
  readonly patience?: number;
}

export interface EditedConfig extends LoadedConfig {
  /** False where the file said it already. */
  readonly isChanged: boolean;
}

/**
 * Makes the change, whole or not at all; the file keeps its rights and stays a link where it is one.
 * @throws what readConfig throws for the file as it is, what `change` and `accept` throw,
 *   CONFIG_CHANGE_REFUSED, CONFIG_BUSY, FILE_NOT_WRITABLE
 */
export async function editConfig(path: string, edit: ConfigEdit): Promise<EditedConfig> {
  const lock = await waitForLock(path, edit.patience ?? MOST_LOOKS);
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const edited = await tryOnce(path, edit);
      if (edited) return edited;
    }
    throw configErrors.CONFIG_BUSY({ path });
  } finally {
    await lock.stop();
  }
}

/** An editor saves once in seconds; whoever saves so often between our reading and writing is no person. */
const MOST_TRIES = 5;
/** Milliseconds between looks whether another genkan is done with this file; it needs a few of them. */
const BETWEEN_LOOKS = 25;
const MOST_LOOKS = 400;

/** @returns undefined where the file changed between reading and writing */
async function tryOnce(path: string, edit: ConfigEdit): Promise<EditedConfig | undefined> {
  const there = await readConfigText(path);
  const before = there ?? "";
  const present = readConfig(path, before);
  const after = edit.change(before);
  if (after === before) return { ...present, isChanged: false };

  const checked = checkConfig(after);
  if (checked.is === "wrong") {
    const report = reportOf(path, checked.problems);
    throw configErrors.CONFIG_CHANGE_REFUSED({ path, report });
  }
  const next = readConfig(path, after);
  await edit.accept?.(next.settings);
  if ((await readConfigText(path)) !== there) return undefined;
  await writeAtomic(path, after, { keep: true });
  return { ...next, isChanged: true };
}

/** Other programs know nothing of this lock; it keeps two genkans from losing each other's change. */
async function waitForLock(path: string, patience: number): Promise<Lock> {
  for (let looks = 1; ; looks++) {
    try {
      return await takeLock(`${path}.lock`, { command: "genkan, changing it", socket: "" });
    } catch (thrown) {
      if (codeOf(thrown) !== "DOOR_ALREADY_OPEN") throw thrown;
      if (looks >= patience) throw configErrors.CONFIG_BUSY({ path }, { cause: thrown });
      await wait(BETWEEN_LOOKS);
    }
  }
}
