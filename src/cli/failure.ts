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
  if (thrown instanceof GenkanError) {
    const { code, message, fix, exit } = thrown;
    const text = `genkan: ${message}\n  -> ${fix.replaceAll("\n", "\n     ")}\n  (${code})`;
    return { text: json ? JSON.stringify({ error: { code, message, fix } }) : text, exit };
  }
  return describeBug(thrown, json);
}

/** Not a trouble a person can act on but a mistake of ours: everything that helps to find it. */
function describeBug(thrown: unknown, json: boolean): Failure {
  const message = `Something happened that genkan did not expect: ${messageOf(thrown)}`;
  const fix = "This is a mistake in genkan. Please report it with the lines above.";
  if (json) return { text: JSON.stringify({ error: { code: "BUG", message, fix } }), exit: 1 };
  const stack = thrown instanceof Error ? `${thrown.stack ?? ""}\n\n` : "";
  return { text: `${stack}genkan: ${message}\n  -> ${fix}\n  (BUG)`, exit: 1 };
}
