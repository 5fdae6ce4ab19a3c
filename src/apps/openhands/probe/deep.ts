/*
 * `--deep`: a conversation is begun as the page does, followed until it awaits input, and deleted whatever happened.
 * No message is sent, so no model is asked. Each generation has its own way: deep-036.ts, deep-1.ts, deep-canvas.ts.
 */
import type { Finding } from "../../../kernel/check.ts";
import { deep036 } from "./deep-036.ts";
import { deep1 } from "./deep-1.ts";
import { deepCanvas } from "./deep-canvas.ts";
import type { DeepRun } from "./deep-run.ts";
import type { ProbeFacts } from "./facts.ts";
import { createProgress } from "./progress.ts";

export async function lookDeep(facts: ProbeFacts, signal: AbortSignal): Promise<Finding> {
  const { is } = await facts.recognised();
  const note = (text: string): void => facts.note(`${facts.app}: ${text}`);
  const progress = createProgress(note, () => performance.now());
  const run: DeepRun = { facts, progress, signal };
  if (is === "0.36") return deep036(run);
  if (is === "1") return deep1(run);
  if (is === "canvas") return deepCanvas(run);
  return { state: "unknown", why: "it was not clear which OpenHands this is" };
}
