/*
 * What an agent serves on an app port of its sandbox: a development server with CORS, as the UI's probe
 * needs it (V0:frontend/src/hooks/query/use-active-host.ts), or a hostile page.
 */
import { minding } from "./minding.ts";
import { hostilePage } from "./hostile-page.ts";
import { type Place, type Served, serve } from "./stand-in.ts";

/** What the hostile one sets under others' names may come back to it. */
const OWN = "stolen";

export type UserAppKind = "friendly" | "hostile";

/** What the friendly one's page says. */
const USER_APP_TITLE = "The agent's app";

export function startUserApp(kind: UserAppKind, place: Place = {}): Promise<Served> {
  return serve(
    {
      name: "the agent's app",
      mind: minding(
        (name, value) => name === "app-session" || (kind === "hostile" && value === OWN),
      ),
      first: () => ({ fields: { "access-control-allow-origin": "*" } }),
      routes: [
        [
          "GET",
          /^\/$/,
          () => ({
            html: kind === "hostile" ? hostilePage() : PAGE,
            headers: {
              "set-cookie":
                kind === "hostile"
                  ? [
                      "app-session=mine; Path=/",
                      "ui-session=stolen; Path=/",
                      "__Host-genkan=stolen; Path=/; Secure",
                    ]
                  : ["app-session=mine; Path=/"],
            },
          }),
        ],
        ["GET", /^\/seen$/, ({ headers }) => ({ json: { cookie: headers.cookie ?? null } })],
        ["GET", /^\/favicon\.ico$/, () => ({ bytes: Buffer.alloc(0) })],
      ],
    },
    place,
  );
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${USER_APP_TITLE}</title>
<style>body { margin: 0; font: 15px system-ui; padding: 16px; background: #eef6ee }</style>
<h1>${USER_APP_TITLE}</h1>
<p>It works.</p>
</html>
`;
