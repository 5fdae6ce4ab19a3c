/*
 * The configuration file's text as it is on disk, or a clear word why it cannot be one. load.ts and
 * edit-file.ts read through here.
 */
import { stat } from "node:fs/promises";
import { readIfThere } from "../platform/files.ts";
import { configErrors } from "./errors.ts";
import { reportOf } from "./report.ts";

/** A thousand apps take a tenth of this; whatever is larger is another file. */
const MOST_BYTES = 1024 * 1024;

/**
 * The text; undefined where there is no file.
 * @throws CONFIG_NO_FILE, CONFIG_TOO_LARGE, CONFIG_INVALID for what is not UTF-8, FILE_NOT_READABLE
 */
export async function readConfigText(path: string): Promise<string | undefined> {
  await refuseStrange(path);
  const text = await readIfThere(path);
  // The reader puts this character where the bytes are no UTF-8; nobody writes it into a configuration.
  if (!text?.includes("\uFFFD")) return text;
  const broken = text.indexOf("\uFFFD");
  const line = text.slice(0, broken).split("\n").length;
  const column = broken - text.lastIndexOf("\n", broken);
  const says = "This is no UTF-8 text. Save the file as UTF-8.";
  const report = reportOf(path, [{ line, column, path: [], says }]);
  throw configErrors.CONFIG_INVALID({ path, report });
}

/** A device or a pipe would be read for ever; a huge file would be held in memory twice. */
async function refuseStrange(path: string): Promise<void> {
  // Whatever keeps stat from looking keeps the reader from reading too, and it says so in words.
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory()) throw configErrors.CONFIG_NO_FILE({ path, what: "a folder" });
  if (!found.isFile())
    throw configErrors.CONFIG_NO_FILE({ path, what: "a device, pipe or socket" });
  if (found.size > MOST_BYTES) {
    throw configErrors.CONFIG_TOO_LARGE({ path, bytes: found.size, most: MOST_BYTES });
  }
}
