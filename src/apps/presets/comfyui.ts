/*
 * ComfyUI. comfyanonymous/ComfyUI:server.py: `/system_stats` has system.comfyui_version and devices; a WebSocket at /ws;
 * pages whose Origin is not its Host are refused at loopback names (create_origin_only_middleware), and the door passes
 * both on; uploads are limited by --max-upload-size.
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import type { Preset } from "./preset.ts";

export const COMFYUI: Preset = {
  name: "comfyui",
  title: "ComfyUI",
  ports: [8188],
  hint: /<title>ComfyUI/,
  asks: ["/system_stats"],
  recognise: (answers) => {
    const stats = jsonOf(answers.get("/system_stats"));
    const isIt =
      typeof valueAt(stats, "system", "comfyui_version") === "string" &&
      Array.isArray(valueAt(stats, "devices"));
    return isIt
      ? { preset: "comfyui", version: versionAt(stats, "system", "comfyui_version") }
      : undefined;
  },
  webSockets: ["/ws"],
  runsCode: false,
  signIn: "none",
  traps: [],
};
