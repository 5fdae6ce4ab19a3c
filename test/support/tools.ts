import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

/** Where a program is on this machine, or undefined. */
export function toolPath(program: string): string | undefined {
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/usr/sbin",
    "/sbin",
    "/lib/systemd",
  ];
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch (thrown) {
        if (thrown instanceof Error) return false;
        throw thrown;
      }
    });
}

/** Whether a module that programs load, `libnss_mdns_minimal.so.2`, is where Debian and Fedora keep them. */
function isLibrary(name: string): boolean {
  if (!name.includes(".so")) return false;
  const folders = ["/usr/lib", "/usr/lib64"].filter((folder) => existsSync(folder));
  const below = folders.flatMap((folder) => readdirSync(folder).map((each) => join(folder, each)));
  return [...folders, ...below].some((folder) => existsSync(join(folder, name)));
}

/**
 * A suite that needs real programs (`scripts/install-test-tools` brings them), or modules they load. Where one
 * is missing the suite is skipped and its title says why; under CI=true the tests run, and fail, instead.
 */
export function describeWithTools(
  title: string,
  tools: readonly string[],
  suite: () => void,
): void {
  const missing = tools.filter((tool) => toolPath(tool) === undefined && !isLibrary(tool));
  if (missing.length === 0 || process.env["CI"] === "true") {
    describe(title, suite);
    return;
  }
  describe.skip(`${title} [not installed: ${missing.join(", ")}]`, suite);
}
