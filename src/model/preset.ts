/*
 * Apps Genkan knows more of than where they listen. A preset's name stands in genkan.yaml; what is known
 * is in apps/. Pure.
 */

/**
 * `openhands` alone is OpenHands of any generation: what its answers look like tells which. With `@` it is
 * that one and no other.
 */
export const PRESETS = [
  "openhands",
  "openhands@0.36",
  "openhands@1",
  "openhands@canvas",
  "open-webui",
  "code-server",
  "jupyter",
  "n8n",
  "home-assistant",
  "comfyui",
  "ollama",
  "grafana",
  "gitea",
  "immich",
] as const;

export type PresetName = (typeof PRESETS)[number];

export function isPreset(text: string): text is PresetName {
  return (PRESETS as readonly string[]).includes(text);
}

/** Whether it is OpenHands, of whichever generation. */
export function isOpenHands(preset: PresetName | undefined): boolean {
  return preset !== undefined && /^openhands(?:@|$)/.test(preset);
}
