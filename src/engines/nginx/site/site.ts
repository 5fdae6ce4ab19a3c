/*
 * A plan as a site for somebody's own nginx: text to be read, kept and changed by a person. Pure; called by
 * `genkan export nginx`, and test/golden/nginx-site holds what comes out.
 */
import type { Plan, PlannedApp } from "../../../model/plan.ts";
import { endpoint } from "../blocks/http.ts";
import { block, comment, directive, entry, live } from "../directives.ts";
import { isAtLeast, type Version } from "../facts.ts";
import { heading } from "./heading.ts";
import { location } from "./location.ts";

export interface SiteFacts {
  /** Of the nginx it is for; undefined where that is not known. */
  readonly version: Version | undefined;
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Where the certificate of an app lies, and the command that writes it there. */
  readonly certOf: (app: PlannedApp) => SiteCert;
}

export interface SiteCert {
  readonly cert: string;
  readonly key: string;
  readonly command: string;
}

/** @throws NGINX_VALUE_UNFIT */
export function renderSite({ apps }: Plan, facts: SiteFacts): string {
  return [
    ...heading(apps, facts.version),
    "",
    comment("A WebSocket handshake asks with two fields, and both are about one connection: nginx"),
    comment("drops them unless told. Every other request keeps its connection to the app."),
    block(
      ["map", live("$http_upgrade"), live("$genkan_connection")],
      [entry(live("default"), "upgrade"), entry(live(""), live(""))],
    ),
    ...apps.flatMap((app) => ["", ...siteOf(app, facts)]),
    "",
  ].join("\n");
}

function siteOf(app: PlannedApp, facts: SiteFacts): string[] {
  const { name, upstream } = app;
  return [
    comment(`-- ${name}`),
    block(
      ["upstream", poolOf(app)],
      [
        // Without max_fails=0 nginx gives an app that was restarted up for ten seconds.
        directive("server", endpoint(upstream.host, upstream.port), "max_fails=0"),
        directive("keepalive", 16),
      ],
    ),
    secureServer(app, facts),
    plainServer(app, facts),
  ];
}

function secureServer(app: PlannedApp, facts: SiteFacts): string {
  const { cert, key, command } = facts.certOf(app);
  return block(
    ["server"],
    [
      ...listens(facts),
      directive("server_name", ...app.hosts),
      ...strangers(app),
      "",
      comment(`Written by: ${command}`),
      comment("Good for 90 days: run it again before, then reload nginx."),
      directive("ssl_certificate", cert),
      directive("ssl_certificate_key", key),
      directive("ssl_protocols", "TLSv1.2", "TLSv1.3"),
      directive("ssl_session_cache", "shared:genkan_site:1m"),
      directive("ssl_session_timeout", "1d"),
      "",
      comment("Uploads as large as the app likes, passed on while they come."),
      directive("client_max_body_size", 0),
      directive("send_timeout", "1h"),
      "",
      location(app, poolOf(app)),
    ],
  );
}

function plainServer(app: PlannedApp, { httpPort, httpsPort }: SiteFacts): string {
  const port = httpsPort === 443 ? "" : `:${httpsPort}`;
  return block(
    ["server"],
    [
      directive("listen", httpPort),
      directive("listen", `[::]:${httpPort}`),
      directive("server_name", ...app.hosts),
      ...strangers(app),
      directive("return", 308, live(`https://$host${port}$request_uri`)),
    ],
  );
}

function listens({ version, httpsPort }: SiteFacts): string[] {
  const isNewer = version !== undefined && isAtLeast(version, [1, 25, 1]);
  const words = ["ssl", ...(isNewer ? [] : ["http2"])];
  return [
    directive("listen", httpsPort, ...words),
    directive("listen", `[::]:${httpsPort}`, ...words),
    ...(isNewer ? [directive("http2", "on")] : []),
  ];
}

/** Where no other site is the default, nginx would answer every name with this one. Host names have no sign of syntax but dots. */
function strangers({ hosts }: PlannedApp): string[] {
  const names = hosts.map((host) => host.replaceAll(".", "\\.")).join("|");
  return [
    comment("Who asks for another name gets nothing: a hostile page can make names lead here."),
    block([`if ($host !~ ^(?:${names})$)`], [directive("return", 421)]),
  ];
}

function poolOf({ name }: PlannedApp): string {
  return `genkan_${name}`;
}
