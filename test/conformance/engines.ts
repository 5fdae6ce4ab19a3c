/*
 * The engines the conformance suites are run on. What opens one opens it for one test.
 */
import { describe } from "vitest";
import { openDoor, type TestDoor } from "../support/door.ts";
import type { Upstream } from "../../src/model/target.ts";

export type EngineName = "node" | "nginx";

export type Open = (
  apps: Readonly<Record<string, Upstream | number>>,
) => Promise<Pick<TestDoor, "raw" | "http2" | "httpsPort">>;

/** Runs a suite once for each engine. */
export function onEveryEngine(
  title: string,
  suite: (engine: { name: EngineName; open: Open }) => void,
): void {
  describe(`${title} (node)`, () => {
    suite({ name: "node", open: (apps) => openDoor(apps) });
  });
}
