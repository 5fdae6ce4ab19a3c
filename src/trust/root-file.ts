/*
 * Programs that take a certificate only as a file get one, for as long as they run.
 */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../platform/host.ts";
import type { Root } from "./needs.ts";

/** Hands `use` the path of a PEM file with the root in it; the file is gone afterwards. */
export async function withRootFile<T>(
  host: Host,
  root: Root,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(host.tmp, "genkan-root-"));
  try {
    // Readable by the person where root writes it for them: a root certificate is no secret.
    await chmod(folder, 0o755);
    const path = join(folder, "root.pem");
    await writeFile(path, root.pem, { mode: 0o644, flag: "wx" });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
