import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Is told how something is ended, and ends it in time: with the test, unless another is given. */
export type Until = (end: () => void | Promise<void>) => unknown;

/** A folder that is gone when the test ends, unless told otherwise. */
export function tempFolder(until: Until = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), "genkan-test-"));
  until(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
