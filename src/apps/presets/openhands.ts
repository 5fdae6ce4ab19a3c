/*
 * OpenHands, three generations told apart by their own routes. Unknown paths are its page, with 200, so bodies count.
 *
 * 0.36: V0:openhands/server/{app,listen}.py and routes/: `/health` is "OK", `/api/options/config` has APP_MODE; no
 *   `/alive`. Later 0.x have `/alive` too and the same two routes: that is OpenHands, of no generation said here.
 * 1.x: V1dev:openhands/app_server/app_conversation/app_conversation_router.py, `/api/v1/app-conversations/count`, a number.
 * Agent Canvas: SDK:openhands-agent-server/server_details_router.py, `/server_info` with its title and version, behind the
 *   page of @openhands/agent-canvas. A sandbox's agent-server alone has no such page.
 * Sandboxes' ports: src/apps/openhands/rules.ts. None of them asks who somebody is (README of 0.36: single user).
 */
import type { PresetName } from "../../model/preset.ts";
import { type Answers, jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import type { Preset, Recognised } from "./preset.ts";

const CONFIG = "/api/options/config";
const COUNT = "/api/v1/app-conversations/count";
const PAGE = /<title>[^<]*OpenHands/i;

export const OPENHANDS: Preset = {
  name: "openhands",
  title: "OpenHands",
  ports: [3000, 8000],
  hint: PAGE,
  asks: ["/server_info", "/health", "/alive", CONFIG, COUNT],
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
  if (!PAGE.test(answers.get("/")?.text ?? "")) return undefined;
  const info = jsonOf(answers.get("/server_info"));
  if (valueAt(info, "title") === "OpenHands Agent Server") {
    return { preset: "openhands@canvas", version: undefined };
  }
  if (typeof jsonOf(answers.get(COUNT)) === "number") return { preset: "openhands@1" };
  const hasConfig = typeof valueAt(jsonOf(answers.get(CONFIG)), "APP_MODE") === "string";
  if (!hasConfig || jsonOf(answers.get("/health")) !== "OK") return undefined;
  const isLater = valueAt(jsonOf(answers.get("/alive")), "status") === "ok";
  return isLater
    ? { preset: "openhands", version: versionAt(info, "version") }
    : { preset: "openhands@0.36" };
}
