/*
 * A model parser's refusal as a value: the report collects every trouble, so none may stop the reading.
 */
import { GenkanError } from "../kernel/errors.ts";

/** What `task` refuses, or undefined where it does not. What is not a GenkanError is our bug, and goes on. */
export function troubleOf(task: () => unknown): GenkanError | undefined {
  try {
    task();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof GenkanError) return thrown;
    throw thrown;
  }
}
