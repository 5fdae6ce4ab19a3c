/*
 * The leaves as nginx wants them: a file per name, key and chain together so that they always fit, for
 * this user alone (the master reads them before its workers give up their rights). The engine brings
 * them up to date with every plan and every hour.
 */
import { createHash } from "node:crypto";
import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder, writeAtomic } from "../../platform/files.ts";
import type { LeafSource, ServedLeaf } from "../needs.ts";

export interface LeafFiles {
  /** Where the leaf of a name lies; the empty name stands for this machine's addresses. */
  pathOf(name: string): string;
  /**
   * Brings the files of these names, and the one for addresses, up to date.
   * @returns whether any changed, and why names have none.
   * @throws what the source throws for the leaf of the addresses, and FILE_NOT_WRITABLE.
   */
  update(names: readonly string[]): Promise<LeafUpdate>;
}

interface LeafUpdate {
  readonly changed: boolean;
  readonly failed: ReadonlyMap<string, unknown>;
}

export function createLeafFiles(dir: string, source: LeafSource): LeafFiles {
  const written = new Map<string, string>();
  const pathOf = (name: string): string => join(dir, fileName(name));

  /** Whether the file had to be written. */
  async function put(name: string, leaf: ServedLeaf): Promise<boolean> {
    const path = pathOf(name);
    if (written.get(name) === leaf.id && (await isThere(path))) return false;
    await writeAtomic(path, `${leaf.certPem.trimEnd()}\n${leaf.keyPem}`, { mode: 0o600 });
    written.set(name, leaf.id);
    return true;
  }

  async function forget(names: readonly string[]): Promise<void> {
    const kept = new Set(["", ...names].map(fileName));
    const gone = (await readdir(dir)).filter((file) => !kept.has(file));
    await Promise.all(gone.map((file) => rm(join(dir, file), { force: true })));
    for (const name of written.keys()) if (!kept.has(fileName(name))) written.delete(name);
  }

  return {
    pathOf,
    async update(names) {
      await makePrivateFolder(dir);
      let changed = await put("", await source.leafForAddresses());
      const failed = new Map<string, unknown>();
      for (const name of names) {
        try {
          if (await put(name, await source.leafFor(name))) changed = true;
        } catch (thrown) {
          failed.set(name, thrown);
        }
      }
      await forget(names);
      return { changed, failed };
    },
  };
}

/** File systems hold 255 bytes a name, and a host name has up to 253. */
const LONGEST_STEM = 200;

function fileName(name: string): string {
  if (name === "") return "addresses.pem";
  if (name.length <= LONGEST_STEM) return `leaf.${name}.pem`;
  return `leaf.${createHash("sha256").update(name).digest("hex")}.pem`;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false, // gone, or not to be seen: written anew
  );
}
