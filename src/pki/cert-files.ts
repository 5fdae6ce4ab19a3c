/*
 * `genkan cert`: a leaf and its key as files, named as mkcert names them, for another server.
 */
import { join } from "node:path";
import { writeAtomic } from "../platform/files.ts";
import type { Authority } from "./authority.ts";
import { type LeafRequest, requestOf } from "./rules.ts";

export interface CertFiles {
  /** Leaf and intermediate: what nginx calls ssl_certificate. 0644. */
  readonly certPath: string;
  /** 0600. */
  readonly keyPath: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/**
 * Issues one leaf for all the names and writes it; files of the same names are replaced, the key
 * first (a server that reads in between finds a pair that does not fit, and says so).
 * @throws PKI_NO_NAMES, PKI_NAMES_MIXED, FILE_NOT_WRITABLE, and what Authority.issue throws
 */
export async function writeCertFiles(
  authority: Authority,
  names: readonly string[],
  outDir: string,
): Promise<CertFiles> {
  const request = requestOf(names);
  const leaf = await authority.issue(request);
  const stem = mkcertStem(request);
  const keyPath = join(outDir, `${stem}-key.pem`);
  const certPath = join(outDir, `${stem}.pem`);
  await writeAtomic(keyPath, leaf.keyPem, { mode: 0o600 });
  await writeAtomic(certPath, leaf.certPem, { mode: 0o644 });
  return { certPath, keyPath, notAfter: leaf.notAfter };
}

/** mkcert's naming (its cert.go, `fileNames`): the first name, `_wildcard` for a star, `+N` for N more; colons are no good in file names. */
export function mkcertStem(request: LeafRequest): string {
  const names = "dns" in request ? request.dns : request.ips;
  const [first = "", ...more] = names.map((name) => name.toLowerCase());
  const stem = first.replaceAll(":", "_").replaceAll("*", "_wildcard");
  return more.length === 0 ? stem : `${stem}+${more.length}`;
}
