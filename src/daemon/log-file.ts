/*
 * Where the door's events go: JSON lines in the state folder, two files of limited size, and the
 * troubles also to the person who watches. A full disk costs events, never the door.
 */
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from "node:fs";
import { messageOf } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { LogEntry } from "../kernel/log.ts";

/** Bytes after which the file is put aside as `<path>.1` and a new one begun. */
const LARGEST_LOG = 10 * 1024 * 1024;

export interface LogFile extends Running {
  write(entry: LogEntry): void;
}

/** @param onTrouble told once when the log cannot be written. */
export function openLogFile(path: string, onTrouble: (why: string) => void): LogFile {
  let size = existsSync(path) ? statSync(path).size : 0;
  let hasTold = false;
  let hasOpened = false;
  let stream = append();

  function append(): WriteStream {
    const opened = createWriteStream(path, { flags: "a", mode: 0o600 });
    hasOpened = false;
    opened.on("error", tell);
    opened.on("open", () => {
      hasOpened = true;
    });
    return opened;
  }
  function reopen(): void {
    stream.end();
    size = 0;
    stream = append();
  }
  function tell(trouble: unknown): void {
    if (!hasTold) onTrouble(messageOf(trouble));
    hasTold = true;
  }
  function rotate(): void {
    size = 0; // also where it fails: the next try is as many bytes away
    try {
      renameSync(path, `${path}.1`);
    } catch (thrown) {
      return tell(thrown);
    }
    reopen();
  }
  return {
    write(entry) {
      if (stream.destroyed) stream = append(); // the disk was full; there may be room again
      if (hasOpened && !existsSync(path)) reopen(); // somebody took it away
      if (size > LARGEST_LOG) rotate();
      const line = `${JSON.stringify(entry)}\n`;
      size += Buffer.byteLength(line);
      stream.write(line);
    },
    stop: () =>
      new Promise((resolve) => {
        if (stream.destroyed) return resolve();
        stream.end(() => resolve());
        stream.once("error", () => resolve());
      }),
  };
}
