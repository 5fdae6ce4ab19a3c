/*
 * The apps Genkan knows, in the order they are asked for. Called by recognise/, by doctor's checks and by the command
 * line.
 */
import { isOpenHands, type PresetName } from "../../model/preset.ts";
import { CODE_SERVER } from "./code-server.ts";
import { COMFYUI } from "./comfyui.ts";
import { GITEA } from "./gitea.ts";
import { GRAFANA } from "./grafana.ts";
import { HOME_ASSISTANT } from "./home-assistant.ts";
import { IMMICH } from "./immich.ts";
import { JUPYTER } from "./jupyter.ts";
import { N8N } from "./n8n.ts";
import { OLLAMA } from "./ollama.ts";
import { OPEN_WEBUI } from "./open-webui.ts";
import { OPENHANDS, OPENHANDS_TITLES } from "./openhands.ts";
import type { Preset } from "./preset.ts";

export const ALL_PRESETS: readonly Preset[] = [
  OPENHANDS,
  OPEN_WEBUI,
  CODE_SERVER,
  JUPYTER,
  N8N,
  HOME_ASSISTANT,
  COMFYUI,
  OLLAMA,
  GRAFANA,
  GITEA,
  IMMICH,
];

/** What is known of an app; the generations of OpenHands share it. */
export function presetOf(name: PresetName | undefined): Preset | undefined {
  if (isOpenHands(name)) return OPENHANDS;
  return ALL_PRESETS.find((preset) => preset.name === name);
}

/** Its name for people, the generation with it. */
export function titleOf(name: PresetName): string {
  return OPENHANDS_TITLES[name] ?? presetOf(name)?.title ?? name;
}
