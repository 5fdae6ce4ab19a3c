import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { toolPath } from "./tools.ts";

/** Makes an NSS database in `folder`, as browsers on Linux keep one, that trusts the roots of these PEM files. */
export function makeNssDatabase(folder: string, roots: readonly string[]): void {
  const certutil = toolPath("certutil");
  if (certutil === undefined) throw new Error("certutil is missing: scripts/install-test-tools");
  mkdirSync(folder, { recursive: true });
  const database = ["-d", `sql:${folder}`];
  execFileSync(certutil, [...database, "-N", "--empty-password"]);
  for (const [nth, root] of roots.entries()) {
    execFileSync(certutil, [...database, "-A", "-t", "C,,", "-n", `root ${nth}`, "-i", root]);
  }
}
