/*
 * Tells when a file's text may have changed. Editors replace files, folders may sit on a network:
 * so the folder is watched, and the file looked at now and then all the same.
 */
import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { codeOf, messageOf } from "../kernel/errors.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";

/** Milliseconds of quiet after a sign of change: editors write in several steps. */
const QUIET = 60;
/** Milliseconds between looks where the system tells nothing (network folders, containers). */
const LOOK = 2_000;

export async function watchFile(
  path: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  onChange: () => void,
): Promise<Running> {
  let seen = await signatureOf(path);
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const now = await signatureOf(path);
    if (now === seen) return;
    seen = now;
    onChange();
  };
  const lookSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), QUIET);
  };
  const watcher = watch(dirname(path), (_kind, name) => {
    if (name === null || name === basename(path)) lookSoon();
  });
  // The folder may be taken away while we watch; the regular look goes on.
  watcher.on("error", (error) => log.warn("watch.failed", { path, why: messageOf(error) }));
  const stopLooking = clock.every(LOOK, () => void look());
  return {
    stop: async () => {
      clearTimeout(timer);
      stopLooking();
      watcher.close();
    },
  };
}

/** Changes when the file does: size, time, inode; a word where it cannot be looked at. */
async function signatureOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino, mode } = await stat(path);
    return [size, mtimeMs, ino, mode].join(" ");
  } catch (thrown) {
    return codeOf(thrown) ?? "unreadable";
  }
}
