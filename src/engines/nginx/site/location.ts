/*
 * How an exported site passes requests on: at once in both directions, WebSockets for as long as they are
 * silent, and with what only a proxy may say about the visitor written afresh.
 */
import { isIP } from "node:net";
import type { PlannedApp } from "../../../model/plan.ts";
import { block, comment, directive, live } from "../directives.ts";

export function location(app: PlannedApp, pool: string): string {
  return block(
    ["location", "/"],
    [
      directive("proxy_pass", `${app.upstream.scheme}://${pool}`),
      directive("proxy_http_version", "1.1"),
      ...(app.upstream.scheme === "https" ? secure(app) : []),
      "",
      comment("Events, streams and downloads arrive while they are made."),
      directive("proxy_buffering", "off"),
      directive("proxy_request_buffering", "off"),
      comment("Room for answers that set many cookies at once."),
      directive("proxy_buffer_size", "64k"),
      directive("proxy_buffers", 8, "64k"),
      directive("proxy_busy_buffers_size", "128k"),
      "",
      comment("A WebSocket may be silent for a day; after nginx's own minute it would be cut."),
      directive("proxy_read_timeout", "1d"),
      directive("proxy_send_timeout", "1d"),
      directive("proxy_set_header", "Upgrade", live("$http_upgrade")),
      directive("proxy_set_header", "Connection", live("$genkan_connection")),
      "",
      comment("Said by this nginx alone: what a visitor sends under these names is dropped."),
      ...SAID.map(([name, value]) => directive("proxy_set_header", name, live(value))),
      ...DROPPED.map((name) => directive("proxy_set_header", name, live(""))),
    ],
  );
}

const SAID = [
  ["Host", "$http_host"],
  ["X-Forwarded-For", "$remote_addr"],
  ["X-Forwarded-Proto", "https"],
  ["X-Forwarded-Host", "$http_host"],
  ["X-Forwarded-Port", "$server_port"],
  ["X-Real-IP", "$remote_addr"],
] as const;

/** Where a request comes from and who sent it, as apps are known to believe it; Proxy is CVE-2016-5385. */
const DROPPED = [
  "Forwarded",
  "Proxy",
  "X-Forwarded-Prefix",
  "X-Forwarded-Server",
  "X-Forwarded-Ssl",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-Groups",
  "X-Original-URL",
  "X-Rewrite-URL",
  "Remote-User",
  "Remote-Groups",
  "Remote-Email",
  "X-Remote-User",
  "X-WebAuth-User",
  "X-Auth-Request-User",
  "X-Auth-Request-Email",
  "X-Authentik-Username",
];

/** Debian's and Alpine's bundle of authorities. */
const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

function secure({ upstream: { host, insecure } }: PlannedApp): string[] {
  const named = [
    directive("proxy_ssl_name", host),
    directive("proxy_ssl_server_name", isIP(host) ? "off" : "on"), // RFC 6066 section 3: no addresses
  ];
  if (insecure) {
    return [
      ...named,
      comment("As asked for with insecure: whoever sits between here and the app can pose as it."),
      directive("proxy_ssl_verify", "off"),
    ];
  }
  return [
    ...named,
    comment("Who signed the app's certificate; with an authority of your own, name its root here."),
    directive("proxy_ssl_verify", "on"),
    directive("proxy_ssl_verify_depth", 5),
    directive("proxy_ssl_trusted_certificate", BUNDLE),
  ];
}
