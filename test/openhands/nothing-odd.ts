/*
 * How a test with stand-ins ends: in a file of its own, so that the stand-ins run outside of tests, too.
 */
import { expect } from "vitest";
import type { StandIn } from "./stand-in.ts";

/** Fails unless everything that came to these was foreseen. */
export function expectNothingOdd(...standIns: readonly Pick<StandIn, "unexpected">[]): void {
  expect(standIns.flatMap(({ unexpected }) => unexpected)).toEqual([]);
}
