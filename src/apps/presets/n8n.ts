/*
 * n8n. n8n-io/n8n:packages/cli/src/services/frontend.service.ts: `/rest/settings` for everybody, with userManagement and
 * authCookie; commands/start.ts: `<meta name="n8n:config:rest-endpoint">` in its page. push/origin-validator.ts compares
 * Origin with X-Forwarded-Host, which the door sends. Webhook addresses and proxy hops:
 * docs.n8n.io, "Configure webhook URLs with reverse proxy".
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import { isAtDoor } from "./common.ts";
import type { Preset } from "./preset.ts";

const SETTINGS = "/rest/settings";

export const N8N: Preset = {
  name: "n8n",
  title: "n8n",
  ports: [5678],
  hint: /n8n:config:|n8n\.io/,
  asks: [SETTINGS],
  recognise: (answers) => {
    const settings = valueAt(jsonOf(answers.get(SETTINGS)), "data");
    const isIt =
      typeof valueAt(settings, "userManagement") === "object" &&
      typeof valueAt(settings, "authCookie") === "object";
    return isIt ? { preset: "n8n", version: versionAt(settings, "versionCli") } : undefined;
  },
  webSockets: ["/rest/push"],
  runsCode: true,
  signIn: "own",
  traps: [
    {
      id: "webhook-url",
      says: "n8n shows webhooks and sign-ins of other services at http://localhost:5678, where nobody else reaches it.",
      remedy: ({ origin }) =>
        `Start it with WEBHOOK_URL=${origin}/ (N8N_WEBHOOK_URL from 2.35 on) and N8N_PROXY_HOPS=1`,
      look: {
        path: SETTINGS,
        isRemedied: (answer, at) =>
          isAtDoor(valueAt(jsonOf(answer), "data", "oauthCallbackUrls", "oauth2"), at),
      },
    },
  ],
};
