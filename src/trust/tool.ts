/*
 * Running a store's program: its troubles become ours, with the store's name and its own words.
 */
import { ProgramFailedError } from "../platform/run.ts";
import { trustErrors } from "./errors.ts";

export interface ToolContext {
  /** The store's title, as it stands in a sentence. */
  readonly store: string;
  readonly tool: string;
  /** What brings the program where it is missing: a command, or a sentence. */
  readonly install: string;
}

/** Stores that ask the person (macOS, Windows) wait for an answer this long, in milliseconds. */
export const ASKING = 5 * 60_000;

/**
 * Waits for a program.
 * @throws TRUST_TOOL_MISSING where it is not there, TRUST_STORE_FAILED where it fails.
 */
export async function through<T>(context: ToolContext, running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (thrown) {
    if (!(thrown instanceof ProgramFailedError)) throw thrown;
    const { tool, store, install } = context;
    if (isMissing(thrown, tool)) {
      throw trustErrors.TRUST_TOOL_MISSING({ tool, store, install }, { cause: thrown });
    }
    throw trustErrors.TRUST_STORE_FAILED({ store, why: thrown.message }, { cause: thrown });
  }
}

/** `runuser` is there and says that it found no such program: exit code 127, as from a shell. */
function isMissing({ end }: ProgramFailedError, tool: string): boolean {
  if (end.missing) return true;
  return end.program !== tool && (end.exitCode === 127 || end.exitCode === 126);
}
