/*
 * What was thrown -> what a person (or a program) reads, and how the process ends.
 */
import { GenkanError, messageOf } from "../kernel/errors.ts";

export interface Failure {
  readonly text: string;
  readonly exit: 1 | 2;
}

/** @param json as one line of JSON instead of sentences. */
export function describeFailure(thrown: unknown, json: boolean): Failure {
  const trouble = thrown instanceof GenkanError ? thrown : undefined;
  const error = {
    code: trouble?.code ?? "BUG",
    message:
      trouble?.message ?? `Something happened that genkan did not expect: ${messageOf(thrown)}`,
    fix: trouble?.fix ?? "This is a mistake in genkan. Please report it with the lines above.",
  };
  const exit = trouble?.exit ?? 1;
  if (json) return { text: JSON.stringify({ error }), exit };
  const stack = !trouble && thrown instanceof Error && thrown.stack ? `${thrown.stack}\n\n` : "";
  return { text: `${stack}genkan: ${error.message}\n  -> ${error.fix}\n  (${error.code})`, exit };
}
