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
/**
 * Milliseconds a file must be gone or empty before that is taken for somebody's wish: for a moment it is
 * a step on an editor's way, and would take every app away.
 */
const DOUBT = 2_000;

export async function watchFile(
  path: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  onChange: () => void,
): Promise<Running> {
  let seen = (await signatureOf(path)).text;
  let nothingSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const { text, isNothing } = await signatureOf(path);
    nothingSince = isNothing ? (nothingSince ?? performance.now()) : undefined;
    if (text === seen) return;
    if (nothingSince !== undefined && performance.now() - nothingSince < DOUBT)
      return lookIn(DOUBT);
    seen = text;
    onChange();
  };
  const lookIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), ms);
  };
  const watcher = watch(dirname(path), (_kind, name) => {
    if (name === null || name === basename(path)) lookIn(QUIET);
  });
  // The folder may be taken away while we watch; the regular look goes on.
  watcher.on("error", (error) => log.warn("watch.failed", { path, why: messageOf(error) }));
  const stopLooking = clock.every(LOOK, () => lookIn(QUIET));
  return {
    stop: async () => {
      clearTimeout(timer);
      stopLooking();
      watcher.close();
    },
  };
}

interface Signature {
  /** Changes when the file does: size, time, inode; a word where it cannot be looked at. */
  readonly text: string;
  /** Not there, or empty. */
  readonly isNothing: boolean;
}

async function signatureOf(path: string): Promise<Signature> {
  try {
    const { size, mtimeMs, ino, mode } = await stat(path);
    return { text: [size, mtimeMs, ino, mode].join(" "), isNothing: size === 0 };
  } catch (thrown) {
    const code = codeOf(thrown) ?? "unreadable";
    return { text: code, isNothing: code === "ENOENT" };
  }
}
