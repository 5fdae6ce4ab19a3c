/*
 * A `map`: from what nginx knows of a request to a value of ours, found when it is first asked for.
 */
import { block, entry, live } from "../directives.ts";

export const DEFAULT = live("default");

export type Row = readonly [Parameters<typeof entry>[0], Parameters<typeof entry>[1]];

export function map(from: string, to: string, rows: readonly Row[]): string {
  return block(
    ["map", live(from), live(to)],
    rows.map(([value, result]) => entry(value, result)),
  );
}
