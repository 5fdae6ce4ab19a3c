/*
 * Who may open an app: before nginx asks the app it asks the daemon, and it remembers a yes for some seconds. What
 * the daemon goes by is what a yes is remembered under: the host, and what the visitor shows of the door's own, a
 * session or a token. What depends on more (an open path, a session to be renewed) the daemon lets nobody
 * remember. No answer is a no.
 */
import { AT_APP, type Plan, type Route } from "../../../model/plan.ts";
import { block, comment, directive, live } from "../directives.ts";
import type { NginxFacts } from "../facts.ts";
import { DEFAULT, map } from "./map.ts";
import { PAGES_POOL } from "./upstreams.ts";

/** Where nginx asks; no visitor comes here. */
const ASK = `${AT_APP}gate`;

/** Fields that tell an app who it is, and the variables they are in: empty for nobody, and for apps that are open. */
export const IDENTITY = ["Device", "Program", "Name", "Role"].map(
  (name) => [`X-Genkan-${name}`, `$genkan_${name.toLowerCase()}`] as const,
);

/** Whether the daemon is asked about anybody. */
export function hasGate({ apps }: Plan): boolean {
  return apps.some(({ access }) => access !== "open");
}

/** For the http block. */
export function gate(plan: Plan, { paths }: NginxFacts): string[] {
  if (!hasGate(plan)) return [];
  return [
    comment(
      "What is remembered, a file each: the daemon takes them away when somebody is let in no more.",
    ),
    directive("proxy_cache_path", paths.gate, ...REMEMBERED),
    comment("The session a visitor shows: once and well, or it is none."),
    map("$http_cookie", "$genkan_session", [
      [DEFAULT, live("")],
      [live(SESSION), live("$genkan_v")],
    ]),
    comment("The token a program shows (RFC 6750 section 2.1), good or not."),
    map("$http_authorization", "$genkan_token", [
      [DEFAULT, live("")],
      [live("~*^bearer +(?<genkan_t>genkan_[\\w-]{1,64}) *$"), live("$genkan_t")],
      [live("~*^bearer +genkan_\\S+ *$"), "genkan_"],
    ]),
  ];
}

/** Files are named by a hash, in one folder (forgetAll goes by that); those nobody asks for go by themselves. */
const REMEMBERED = ["keys_zone=genkan_gate:2m", "inactive=10s", "use_temp_path=off"];

/** A cookie that is not the session. */
const OTHER = "(?!\\s*__Host-genkan\\s*=)[^;]*+";
const SESSION = `~^(?:${OTHER};)*+\\s*__Host-genkan=(?<genkan_v>[\\w-]{1,64})\\s*+(?:;${OTHER})*+$`;

/** For the place where an app is asked: who may not open it gets 401, and the daemon says what that means. */
export function guarded(): string[] {
  return [
    directive("auth_request", ASK),
    ...[...IDENTITY, ["X-Genkan-Renewal", "$genkan_renewal"] as const].map(([field, variable]) =>
      directive("auth_request_set", live(variable), live(`$upstream_http_${asVariable(field)}`)),
    ),
    comment("A new token for a session that grew old."),
    directive("add_header", "Set-Cookie", live("$genkan_renewal"), "always"),
  ];
}

/** Where the daemon is asked, for the server of an app's host. */
export function asking({ host, app }: AppRoute, { secret, generation }: NginxFacts): string {
  const said = [
    ["X-Genkan-Secret", secret],
    ["X-Genkan-Kind", "gate"],
    ["X-Genkan-App", app.name],
    ["X-Genkan-Server", host],
    ["X-Genkan-Session", "$genkan_session"],
    ["X-Genkan-Token", "$genkan_token"],
    ["X-Genkan-Target", "$request_uri"],
    ["X-Genkan-From", "$remote_addr"],
    ["Sec-Fetch-Mode", "$http_sec_fetch_mode"],
    ["Sec-Fetch-Dest", "$http_sec_fetch_dest"],
    ["Accept", "$http_accept"],
    ["Connection", ""],
  ] as const;
  return block(
    ["location", "=", ASK],
    [
      directive("internal"),
      directive("proxy_pass", `http://${PAGES_POOL}`),
      directive("proxy_connect_timeout", "2s"),
      directive("proxy_read_timeout", "5s"),
      directive("proxy_pass_request_headers", "off"),
      directive("proxy_pass_request_body", "off"),
      ...said.map(([name, value]) => directive("proxy_set_header", name, live(value))),
      directive("proxy_cache", "genkan_gate"),
      directive("proxy_cache_key", live(`${generation} ${host} $genkan_session $genkan_token`)),
      directive("proxy_ignore_headers", "Expires", "Cache-Control"), // and not X-Accel-Expires
      comment("What is remembered goes through buffers; one is enough."),
      directive("proxy_buffering", "on"),
      directive("proxy_buffer_size", "4k"),
      directive("proxy_buffers", 2, "4k"),
      directive("proxy_busy_buffers_size", "4k"),
    ],
  );
}

export type AppRoute = Extract<Route, { kind: "app" }>;

function asVariable(field: string): string {
  return field.toLowerCase().replaceAll("-", "_");
}
