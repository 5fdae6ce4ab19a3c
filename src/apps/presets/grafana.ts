/*
 * Grafana. grafana/grafana:pkg/api/http_server.go, apiHealthHandler: `/api/health` has database, and version and commit
 * unless they are hidden; pkg/services/live/live.go: WebSocket at /api/live/ws, and an Origin that is the request's Host
 * is taken (getCheckOriginFunc), as the door sends it; public/views/index.html: grafanaBootData with the settings.
 * root_url is what links, mails and sign-in of other services are made with.
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import { isAtDoor } from "./common.ts";
import type { Preset } from "./preset.ts";

export const GRAFANA: Preset = {
  name: "grafana",
  title: "Grafana",
  ports: [3000],
  hint: /grafanaBootData|<title>Grafana/,
  asks: ["/api/health"],
  recognise: (answers) => {
    const health = jsonOf(answers.get("/api/health"));
    const database = valueAt(health, "database");
    const isIt =
      (database === "ok" || database === "failing") &&
      /grafana/i.test(answers.get("/")?.text ?? "");
    return isIt ? { preset: "grafana", version: versionAt(health, "version") } : undefined;
  },
  webSockets: ["/api/live/ws"],
  runsCode: false,
  signIn: "own",
  traps: [
    {
      id: "root-url",
      says: "Grafana makes its links, and its sign-in with other services, for the address it was told.",
      remedy: ({ origin }) => `Start it with GF_SERVER_ROOT_URL=${origin}/`,
      look: {
        path: "/login",
        isRemedied: ({ text }, at) =>
          isAtDoor(/"appUrl":"([^"]{1,300})"/.exec(text)?.[1]?.replaceAll("\\/", "/"), at),
      },
    },
  ],
};
