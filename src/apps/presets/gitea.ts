/*
 * Gitea. go-gitea/gitea:routers/web/healthcheck/check.go: `/api/healthz` has its description;
 * templates/base/head_script.tmpl: window.config.appUrl is its ROOT_URL, which links, clone addresses and sign-in use
 * (docs.gitea.com, "Reverse Proxies"); web_src/js/…/common-global.js warns where it is not the page's address.
 */
import { jsonOf, valueAt } from "../recognise/answer.ts";
import { isAtDoor, programsTrap } from "./common.ts";
import type { Preset } from "./preset.ts";

export const GITEA: Preset = {
  name: "gitea",
  title: "Gitea",
  ports: [3000],
  hint: /Gitea/,
  asks: ["/api/healthz"],
  recognise: (answers) => {
    const description = valueAt(jsonOf(answers.get("/api/healthz")), "description");
    return typeof description === "string" && description.startsWith("Gitea: ")
      ? { preset: "gitea" }
      : undefined;
  },
  webSockets: [],
  runsCode: false,
  signIn: "own",
  traps: [
    {
      id: "root-url",
      says: "Gitea makes its links, and the addresses to clone from, for the address it was told.",
      remedy: ({ origin }) =>
        `Write into its app.ini, under [server]:  ROOT_URL = ${origin}/  (in Docker: GITEA__server__ROOT_URL=${origin}/)`,
      look: {
        path: "/",
        isRemedied: ({ text }, at) =>
          isAtDoor(/appUrl: '([^']{1,300})'/.exec(text)?.[1]?.replaceAll("\\/", "/"), at),
      },
    },
    programsTrap("git, when it clones over https,"),
  ],
};
