/*
 * Home Assistant. home-assistant/core: components/frontend/__init__.py, `/manifest.json` (name, and /?homescreen=1 as its
 * start); components/http/forwarded.py, 400 to everything with X-Forwarded-For unless use_x_forwarded_for is set and the
 * proxy is in trusted_proxies; components/websocket_api/const.py, /api/websocket.
 */
import { jsonOf, valueAt } from "../recognise/answer.ts";
import { programsTrap } from "./common.ts";
import type { Preset } from "./preset.ts";

export const HOME_ASSISTANT: Preset = {
  name: "home-assistant",
  title: "Home Assistant",
  ports: [8123],
  hint: /<title>Home Assistant/,
  asks: ["/manifest.json"],
  recognise: (answers) => {
    const manifest = jsonOf(answers.get("/manifest.json"));
    const isIt =
      valueAt(manifest, "name") === "Home Assistant" &&
      String(valueAt(manifest, "start_url")).startsWith("/?homescreen=1");
    return isIt ? { preset: "home-assistant" } : undefined;
  },
  webSockets: ["/api/websocket"],
  runsCode: false,
  signIn: "own",
  traps: [
    {
      id: "trusted-proxies",
      says: "Home Assistant answers 400 to everything that comes through a proxy it was not told of.",
      remedy: () =>
        'Write into its configuration.yaml  http: { use_x_forwarded_for: true, trusted_proxies: [127.0.0.1, "::1"] }  and restart it (in a container the proxy\'s address is another; its log names it)',
      look: {
        path: "/manifest.json",
        isRemedied: ({ status }) => (status === 400 ? false : status === 200 || undefined),
      },
    },
    programsTrap("Home Assistant's app for phones"),
  ],
};
