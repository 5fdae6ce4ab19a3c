/*
 * Open WebUI. open-webui/open-webui:backend/open_webui/main.py: `/api/config` has name, version and
 * features.enable_websocket for everybody; socket/main.py: Socket.IO at /ws/socket.io. Docker publishes it as 3000, Python
 * runs it at 8080 (open-webui/docs:docs/getting-started/quick-start). CORS_ALLOW_ORIGIN: open-webui/docs pull 802.
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import type { Preset } from "./preset.ts";

export const OPEN_WEBUI: Preset = {
  name: "open-webui",
  title: "Open WebUI",
  ports: [3000, 8080],
  hint: /Open WebUI/i,
  asks: ["/api/config"],
  recognise: (answers) => {
    const config = jsonOf(answers.get("/api/config"));
    const features = valueAt(config, "features");
    const isIt =
      valueAt(config, "status") === true &&
      typeof valueAt(features, "auth") === "boolean" &&
      typeof valueAt(features, "enable_websocket") === "boolean";
    return isIt ? { preset: "open-webui", version: versionAt(config, "version") } : undefined;
  },
  webSockets: ["/ws/socket.io/"],
  runsCode: false,
  signIn: "as set", // WEBUI_AUTH in env.py
  traps: [
    {
      id: "cors-allow-origin",
      says: "Open WebUI takes WebSockets only from the origins it was told, once it was told any.",
      remedy: ({ origin }) => `Add the door's to those it has: CORS_ALLOW_ORIGIN=${origin}`,
      look: {
        path: "/api/config",
        isRemedied: ({ headers }, { origin }) => {
          const allowed = headers["access-control-allow-origin"];
          return allowed === "*" || allowed === origin;
        },
      },
    },
  ],
};
