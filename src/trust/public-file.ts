/*
 * Files that everybody on the machine must be able to read, whatever the administrator's umask:
 * anchors and policies. Written whole or not at all.
 */
import { chmod, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAtomic } from "../platform/files.ts";

/** Writes a file as 0644; folders that are missing are made as 0755. @throws FILE_NOT_WRITABLE */
export async function writePublicFile(path: string, text: string): Promise<void> {
  await makePublicFolder(dirname(path));
  await writeAtomic(path, text);
  await chmod(path, 0o644);
}

async function makePublicFolder(path: string): Promise<void> {
  const topmost = await mkdir(path, { recursive: true });
  if (topmost === undefined) return;
  for (let folder = path; folder.length >= topmost.length; folder = dirname(folder)) {
    await chmod(folder, 0o755);
  }
}
