/*
 * What is not true of an engine, and why: both the tests and docs/engines.md go by these lists.
 */
import type { Gap } from "./contract.ts";

export const NODE_GAPS: readonly Gap[] = [];

