/*
 * The nginx the tests run: what is true of one version may not be true of another.
 * Of another nginx than this machine's: `PATH=/where/it/is:$PATH npx vitest run test/contract/nginx.test.ts`.
 */
import { isAtLeast, type Version } from "../../src/engines/nginx/facts.ts";
import { versionHere } from "../../src/engines/nginx/find.ts";
import { detectHost } from "../../src/platform/host.ts";
import { runProgram } from "../../src/platform/run.ts";

const version = (await versionHere(detectHost(), runProgram)) ?? [0, 0, 0];

/** Whether it is older; true where there is none, and its tests are skipped anyway. */
export function isNginxBefore(least: Version): boolean {
  return !isAtLeast(version, least);
}
