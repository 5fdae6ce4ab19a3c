/*
 * What `genkan trust` and `untrust` say about each store, as it comes and at the end.
 */
import { shellWord } from "../platform/shell-word.ts";
import type { Action, Step, TrustStore } from "../trust/store.ts";
import type { StoreResult } from "../trust/trust.ts";
import type { Answer, Context } from "./command.ts";

export interface Tellers {
  readonly report: (result: StoreResult) => void;
  readonly announce: (store: TrustStore, steps: readonly Step[]) => void;
}

/** Remarks on standard error while the stores are worked on. */
export function tellers(context: Context, action: Action): Tellers {
  return {
    announce: (store, steps) => {
      if (context.json) return;
      for (const step of steps) context.note(`  ${store.title}: ${stepText(step)}`);
    },
    report: (result) => {
      if (!context.json) context.note(resultText(result, action));
    },
  };
}

/** The end of it: what happened as data, and 1 where something is left to do. */
export function answerOf(
  { host }: Context,
  results: readonly StoreResult[],
  fingerprint: string,
): Answer {
  const needsRoot = results.find((result) => result.outcome === "needs-root");
  const failed = results.filter((result) => result.outcome === "failed");
  const data = { fingerprint, stores: results.map(resultData) };
  if (needsRoot?.outcome === "needs-root") {
    const home = host.env["GENKAN_HOME"];
    // sudo hands over neither the variable nor, on most systems, the rest of the environment.
    const command = home
      ? needsRoot.command.replace("sudo ", `sudo GENKAN_HOME=${shellWord(home)} `)
      : needsRoot.command;
    const text = `Some stores belong to the administrator. For them:\n  ${command}`;
    return { text, data, exit: 1 };
  }
  if (failed.length > 0)
    return { text: "Not every store could be changed; see above.", data, exit: 1 };
  if (results.length === 0)
    return { text: "No trust store was found on this machine.", data, exit: 1 };
  return { text: "Done. Browsers that are open may need a restart.", data };
}

function resultText(result: StoreResult, action: Action): string {
  const where = result.title;
  switch (result.outcome) {
    case "done":
      return action === "install" ? `ok    in ${where}` : `ok    out of ${where}`;
    case "already":
      return action === "install" ? `ok    in ${where} already` : `ok    not in ${where}`;
    case "planned":
      return result.steps.map((step) => `would ${where}: ${stepText(step)}`).join("\n");
    case "needs-root":
      return result.steps.map((step) => `root  ${where}: ${stepText(step)}`).join("\n");
    case "failed":
      return `FAIL  ${where}: ${result.error.message}\n      -> ${result.error.fix}`;
  }
}

function stepText({ says, command }: Step): string {
  return command === undefined ? says : `${says} (${command})`;
}

function resultData(result: StoreResult): unknown {
  if (result.outcome !== "failed") return result;
  const { code, message, fix } = result.error;
  return { ...result, error: { code, message, fix } };
}
