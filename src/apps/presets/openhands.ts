/*
 * OpenHands, its generations told apart by their own routes (apps/openhands/marks.ts).
 * Sandboxes' ports: src/apps/openhands/rules.ts. None of them asks who somebody is (README of 0.36: single user).
 */
import type { PresetName } from "../../model/preset.ts";
import { ASKS, generationIn, PAGE, ROUTES } from "../openhands/marks.ts";
import { type Answers, jsonOf, versionAt } from "../recognise/answer.ts";
import type { Preset, Recognised } from "./preset.ts";

export const OPENHANDS: Preset = {
  name: "openhands",
  title: "OpenHands",
  ports: [3000, 8000],
  hint: PAGE,
  asks: ASKS,
  recognise: generationOf,
  webSockets: ["/socket.io/", "/sockets/events/*", "/sockets/bash-events"],
  runsCode: true,
  signIn: "none",
  traps: [],
};

/** Of one generation, for what is known of the app by its full name. */
export const OPENHANDS_TITLES: Readonly<Partial<Record<PresetName, string>>> = {
  openhands: "OpenHands",
  "openhands@0.36": "OpenHands 0.36",
  "openhands@1": "OpenHands 1.x",
  "openhands@canvas": "OpenHands Agent Canvas",
};

function generationOf(answers: Answers): Recognised | undefined {
  const json = (path: string): unknown => jsonOf(answers.get(path));
  const is = generationIn({ page: answers.get("/")?.text ?? "", json });
  if (is !== "0.x") return is && { preset: `openhands@${is}` };
  return { preset: "openhands", version: versionAt(json(ROUTES.info), "version") };
}
