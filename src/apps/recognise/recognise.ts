/*
 * Which app listens at a target, found by asking it: its first page, then the routes of those that page speaks for,
 * then everybody's, a few at a time. Called by add and up. Takes two seconds at most, whatever listens there.
 */
import type { PresetName } from "../../model/preset.ts";
import type { Upstream } from "../../model/target.ts";
import { ALL_PRESETS } from "../presets/all.ts";
import type { Preset, Recognised } from "../presets/preset.ts";
import type { Answer } from "./answer.ts";
import { ask } from "./ask.ts";

/** Milliseconds for all of it. */
const PATIENCE = 2_000;
/** OpenHands 0.36 slows down who asks more than ten times a second (V0:openhands/server/middleware.py). */
const AT_ONCE = 3;

export type Seen =
  | { readonly is: "known"; readonly preset: PresetName; readonly version: string | undefined }
  /** Something is there, and it is none of those we know. */
  | { readonly is: "unknown" }
  | { readonly is: "down" };

/**
 * Never rejects. @param among the presets it may be; all unless told
 */
export async function recognise(
  upstream: Upstream,
  among: readonly Preset[] = ALL_PRESETS,
): Promise<Seen> {
  const signal = AbortSignal.timeout(PATIENCE);
  const first = await ask({ upstream, path: "/", signal });
  if (first.is === "silent") return { is: first.isThere ? "unknown" : "down" };
  const answers = new Map<string, Answer>([["/", first.answer]]);
  const isHinted = ({ hint }: Preset): boolean => hint.test(first.answer.text);
  const likely = among.filter(isHinted);
  const others = among.filter((preset) => !isHinted(preset));
  for (const preset of [...likely, ...others]) {
    const found = await proofOf(preset, { upstream, signal, answers });
    if (found) return { is: "known", preset: found.preset, version: found.version };
    if (signal.aborted) break;
  }
  return { is: "unknown" };
}

interface Asking {
  readonly upstream: Upstream;
  readonly signal: AbortSignal;
  readonly answers: Map<string, Answer>;
}

/** Asks until there is a proof, and no more: an app meets few questions that are not its own. */
async function proofOf(preset: Preset, asking: Asking): Promise<Recognised | undefined> {
  const { upstream, signal, answers } = asking;
  const missing = preset.asks.filter((path) => !answers.has(path));
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    await Promise.all(
      missing.slice(from, from + AT_ONCE).map(async (path) => {
        const asked = await ask({ upstream, path, signal });
        if (asked.is === "answer") answers.set(path, asked.answer);
      }),
    );
    const found = preset.recognise(answers);
    if (found) return found;
  }
  return undefined;
}
