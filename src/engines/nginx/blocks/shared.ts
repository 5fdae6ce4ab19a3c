/*
 * What every server includes: the verdict of the maps, and the way to the daemon's pages for whatever
 * nginx itself refuses or an app fails at. When the daemon is gone nginx answers a bare 502.
 */
import { block, comment, directive, live } from "../directives.ts";
import type { NginxFacts } from "../facts.ts";
import { PAGES_POOL, RELAY_POOL } from "./upstreams.ts";

/** What nginx itself may answer, all of it of the door's making; 400 comes too early for a page. */
const PROBLEMS = [403, 405, 421, 502, 503, 504, 508];

/** A status nginx never sends by itself: who is "refused" with it is led to the relay. */
export const TO_RELAY = 418;

export function shared(facts: NginxFacts): string {
  const verdicts = ["400", "508", "421", "403"].map((status) =>
    block([`if ($genkan_verdict = ${status})`], [directive("return", status)]),
  );
  return [
    comment("Included by every server."),
    ...verdicts,
    directive("error_page", ...PROBLEMS, "@genkan_problem"),
    comment("Not let in: the daemon says with which status, and hears of it as 000."),
    directive("error_page", 401, "=", "@genkan_problem"),
    comment("The daemon could not be asked whom to let in."),
    directive("error_page", 500, "=503", "@genkan_problem"),
    block(
      ["location", "@genkan_problem"],
      [
        comment("The page says what happened; the request's content concerns nobody any more."),
        directive("rewrite", live("^"), live("/problem?"), "break"),
        directive("proxy_method", "GET"),
        directive("proxy_pass_request_body", "off"),
        ...toPages(facts, "problem"),
      ],
    ),
    directive("error_page", TO_RELAY, "=", "@genkan_relay"),
    block(["location", "@genkan_relay"], toRelay(facts)),
    "",
  ].join("\n");
}

/**
 * A proxy_pass to the daemon, with what it must know. Nothing of the http block's fields is inherited.
 * @param kind `plain`: the portal over plain http, where nobody is known.
 */
export function toPages(
  { secret }: NginxFacts,
  kind: "portal" | "plain" | "problem" | "at-app",
): string[] {
  const about: readonly (readonly [string, string])[] = [
    ["Host", "$http_host"],
    ["Connection", ""],
    ["Upgrade", ""],
    ["X-Genkan-Secret", secret],
    ["X-Genkan-Kind", kind],
    ...(kind === "problem" ? PROBLEM_FIELDS : PORTAL_FIELDS),
  ];
  return [
    directive("proxy_pass", `http://${PAGES_POOL}`),
    directive("proxy_read_timeout", "10s"),
    // A list of its own, because the one of the http block hides what the door says of problems.
    directive("proxy_hide_header", "X-Powered-By"),
    directive("proxy_cookie_flags", "off"),
    ...about.map(([name, value]) => directive("proxy_set_header", name, live(value))),
  ];
}

/** WebSockets, with every field as the visitor sent it: the daemon judges the handshake and writes them anew. */
function toRelay(facts: NginxFacts): string[] {
  return [
    comment("Silence ends no WebSocket; nginx counts no further than 24 days."),
    directive("proxy_read_timeout", "20d"),
    directive("proxy_send_timeout", "20d"),
    ...passedOn(facts, [
      ["Connection", "$http_connection"],
      ["Upgrade", "$http_upgrade"],
    ]),
  ];
}

/** Requests whose answers the daemon reads: it judges them, asks the app and counts them, as it does WebSockets. */
export function answersByRelay(facts: NginxFacts): string[] {
  return [
    directive("access_log", "off"),
    ...passedOn(facts, [
      ["Connection", "close"],
      ["Upgrade", ""],
      ["Expect", ""], // nginx itself asks the visitor to go on
    ]),
  ];
}

type Fields = readonly (readonly [string, string])[];

/** A proxy_pass to the relay. Of the http block's fields nothing is inherited: the daemon writes them. */
function passedOn({ secret }: NginxFacts, aboutConnection: Fields): string[] {
  const said: Fields = [
    ["Host", "$http_host"],
    ...aboutConnection,
    ["X-Genkan-Secret", secret],
    ["X-Genkan-Address", "$remote_addr"],
  ];
  return [
    directive("proxy_pass", `http://${RELAY_POOL}`),
    directive("proxy_cookie_flags", "off"),
    ...PASSED.map((name) => directive("proxy_pass_header", name)),
    ...said.map(([name, value]) => directive("proxy_set_header", name, live(value))),
  ];
}

/** Fields of answers the http block hides from visitors. */
const PASSED = ["Date", "Server", "Upgrade", "X-Genkan-Problem"];

/** What the door's pages want to know of the connection. */
const PORTAL_FIELDS = [
  ["X-Genkan-Protocol", "$server_protocol"],
  ["X-Genkan-From", "$remote_addr"],
  ["X-Genkan-At", "$server_addr"],
  ["X-Genkan-Server", "$server_name"],
] as const;

const PROBLEM_FIELDS = [
  ["Content-Length", ""],
  ["X-Genkan-Status", "$status"],
  ["X-Genkan-Limit", "$limit_conn_status"],
  ["X-Genkan-App", "$genkan_app"],
  ["X-Genkan-Server", "$server_name"],
  ["X-Genkan-From", "$remote_addr"],
  ["X-Genkan-Port", "$genkan_port"],
  ["X-Genkan-Method", "$request_method"],
  ["X-Genkan-Target", "$request_uri"],
  ["X-Genkan-Sent", "$upstream_bytes_sent"],
  ["X-Genkan-Received", "$upstream_bytes_received"],
] as const;
