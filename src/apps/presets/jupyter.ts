/*
 * Jupyter Server, and Lab and Notebook on it. jupyter-server/jupyter_server:base/handlers.py: `/api` is {"version"} for
 * everybody (APIVersionHandler), check_host refuses with 403 names that are not local_hostnames, unless allow_remote_access;
 * templates/page.html: "Jupyter" in the title. Its first page sends to /login, /lab or /tree.
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import type { Preset } from "./preset.ts";

export const JUPYTER: Preset = {
  name: "jupyter",
  title: "Jupyter",
  ports: [8888],
  hint: /<title>[^<]*Jupyter/i,
  asks: ["/api"],
  recognise: (answers) => {
    const api = jsonOf(answers.get("/api"));
    const isAlone = Object.keys(Object(api)).join() === "version";
    // One key says little: its page has to speak for it, too.
    const isIt = isAlone && /Jupyter/i.test(answers.get("/")?.text ?? "");
    return isIt ? { preset: "jupyter", version: versionAt(api, "version") } : undefined;
  },
  webSockets: ["/api/kernels/*/channels", "/terminals/websocket/*"],
  runsCode: true,
  signIn: "as set",
  traps: [
    {
      id: "local-hostnames",
      says: "Jupyter answers 403 to names it was not told while it listens on 127.0.0.1.",
      remedy: ({ hosts }) =>
        `Start it with the door's names: --ServerApp.local_hostnames="[${["localhost", ...hosts].map((host) => `'${host}'`).join(", ")}]"`,
      look: {
        path: "/api",
        isRemedied: (answer) => typeof valueAt(jsonOf(answer), "version") === "string",
      },
    },
  ],
};
