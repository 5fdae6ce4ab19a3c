/*
 * The door's rules as nginx maps: computed once per request and only when asked for. `$genkan_verdict` is
 * the status a request is refused with, or empty. The rules are those of model/origin.ts and of the
 * built-in engine, in the same order. What most requests need is found by a whole value, without a pattern.
 */
import { ELSEWHERE, FRAMES } from "../../../model/framing.ts";
import type { Plan } from "../../../model/plan.ts";
import { comment, directive, live } from "../directives.ts";
import type { NginxFacts } from "../facts.ts";
import { SHOWN_PORT } from "./http.ts";
import { DEFAULT, map } from "./map.ts";
import { sandboxCookieMaps } from "./sandbox-cookies.ts";

export function maps(plan: Plan, facts: NginxFacts): string[] {
  return [
    ...hostMaps(),
    ...formMaps(),
    ...loopMaps(facts),
    ...upgradeMaps(),
    ...ownFieldMaps(),
    ...sandboxCookieMaps(plan),
    ...originMaps(plan),
    ...framingMaps(plan),
    ...verdictMaps(plan, facts),
    comment("Whose request it is."),
    map(
      "$server_name",
      "$genkan_app",
      [...plan.routes.values()].flatMap((route) =>
        route.kind === "app" ? [[route.host, route.app.name] as const] : [],
      ),
    ),
  ];
}

function hostMaps(): string[] {
  return [
    comment("The host, named once and well: RFC 9112 section 3.2."),
    map("$host|$http_host", "$genkan_bad_host", [
      [DEFAULT, "1"],
      [live("~*^(?<genkan_h>[^|]+)\\|\\k<genkan_h>\\.?(?::\\d{1,5})?$"), "0"],
    ]),
    comment("The port the visitor sees."),
    map("$http_host", "$genkan_port", [
      [DEFAULT, SHOWN_PORT],
      [live("~:(?<genkan_p>\\d+)$"), live("$genkan_p")],
    ]),
    comment("A connection made for one name carries nothing for another."),
    map("$ssl_server_name|$host", "$genkan_misdirected", [
      [DEFAULT, "1"],
      [live("~^\\|"), "0"],
      [live("~*^(?<genkan_s>[^|]+)\\|\\k<genkan_s>$"), "0"],
      // An address is no name, whoever says so in a handshake: RFC 6066 section 3.
      [live("~^(?:\\d+\\.){3}\\d+\\|"), "0"],
      [live("~*^[0-9a-f.]*:[0-9a-f:.]*\\|"), "0"],
    ]),
  ];
}

/** What nginx itself would read in its own way, and pass on. */
function formMaps(): string[] {
  return [
    comment("A target has no bytes but a URI's, and no scheme but http: RFC 9112 section 3.2."),
    map("$request", "$genkan_bad_target", [
      [DEFAULT, "1"],
      [live("~^\\S+ +(?:/|\\*|[Hh][Tt][Tt][Pp][Ss]?://)[\\x21\\x22\\x24-\\x7e]* +HTTP/"), live("")],
    ]),
    comment("Nor does a WebSocket handshake have content; a length is left to the relay."),
    map("$genkan_bad_target|$genkan_upgrade|$http_transfer_encoding", "$genkan_bad_form", [
      [DEFAULT, "0"],
      [live("~^1"), "1"],
      [live("~^\\|websocket\\|."), "1"],
    ]),
  ];
}

function loopMaps({ token }: NginxFacts): string[] {
  return [
    comment("A request that has come through this door before: RFC 8586."),
    map("$http_cdn_loop", "$genkan_loop", [
      [DEFAULT, "0"],
      [live(`~(?:^|,)\\s*${tokenPattern(token)}\\s*(?:[;,]|$)`), "1"],
    ]),
    map("$http_cdn_loop", "$genkan_cdn_loop", [
      [DEFAULT, live(`$http_cdn_loop, ${token}`)],
      [live(""), token],
    ]),
  ];
}

function verdictMaps(plan: Plan, facts: NginxFacts): string[] {
  const plain = [...plan.routes.keys()].flatMap((host) =>
    authoritiesOf(host, facts).map((said) => [`GET|${host}|${host}|${said}|||`, live("")] as const),
  );
  return [
    comment("The first that applies."),
    map(
      "$genkan_bad_form$genkan_bad_host$genkan_loop$genkan_misdirected$genkan_foreign",
      "$genkan_judged",
      [
        [DEFAULT, live("")],
        [live("~^0?1"), "400"],
        [live("~^001"), "508"],
        [live("~^0001"), "421"],
        [live("~^00001"), "403"],
      ],
    ),
    comment("Who wants to be shown something, and says one name everywhere, needs no judgement."),
    map(
      "$request_method|$ssl_server_name|$host|$http_host|$http_upgrade|$http_cdn_loop|$genkan_bad_target",
      "$genkan_verdict",
      [[DEFAULT, live("$genkan_judged")], ...plain],
    ),
  ];
}

/** How visitors may write a name: with the door's port, and without where something else sends them on. */
function authoritiesOf(host: string, { places }: NginxFacts): string[] {
  const ports = new Set(places.map(({ httpsPort }) => httpsPort));
  ports.delete(SHOWN_PORT);
  return [host, ...[...ports].map((port) => `${host}:${port}`)];
}

/** WebSockets and nothing else switch protocols. */
function upgradeMaps(): string[] {
  return [
    comment("A WebSocket handshake (RFC 6455 section 4.1); no other protocol is switched to."),
    map("$http_upgrade", "$genkan_upgrade", [
      [DEFAULT, live("$genkan_handshake")],
      [live(""), live("")],
    ]),
    map("$request_method|$server_protocol|$http_upgrade|$http_connection", "$genkan_handshake", [
      [DEFAULT, live("")],
      [live("~*^GET\\|HTTP/1\\.1\\|websocket\\|(?:.*[\\s,])?upgrade(?:[\\s,].*)?$"), "websocket"],
    ]),
    comment(
      "An app may send content behind an answer to HEAD: nothing follows on that connection.",
    ),
    map("$request_method", "$genkan_connection", [
      [DEFAULT, live("")],
      ["HEAD", "close"],
    ]),
  ];
}

/** What of a request's fields is the door's own (model/own-fields.ts), so that no app gets it. */
function ownFieldMaps(): string[] {
  return [
    comment("A visitor's cookies without the door's."),
    map("$http_cookie", "$genkan_cookie", [
      [DEFAULT, live("$http_cookie")],
      [live(""), live("")],
      [live("~*__host-genkan"), live("$genkan_cookie_left")],
    ]),
    comment("The door's may stand in three places; whoever sends more of them has no cookies."),
    map("$http_cookie", "$genkan_cookie_left", [
      [DEFAULT, live("")],
      [live(LEFT), live("$genkan_a$genkan_b$genkan_c")],
    ]),
    map("$http_authorization", "$genkan_authorization", [
      [DEFAULT, live("$http_authorization")],
      [live(""), live("")],
      [live("~*^\\s*bearer\\s+genkan_"), live("")],
    ]),
  ];
}

const OWN = "\\s*__Host-genkan(?:-[a-z]+)?\\s*(?:=[^;]*+)?(?=;|$)";
const NOT_OWN = `(?!${OWN})[^;]*+`;
const LEFT = [
  `~*^(?:${OWN};)*+\\s*+`,
  `(?<genkan_a>(?:${NOT_OWN}(?:;${NOT_OWN})*+)?+)(?:;${OWN})*+`,
  `(?<genkan_b>(?:;${NOT_OWN})*+)(?:;${OWN})*+`,
  `(?<genkan_c>(?:;${NOT_OWN})*+)(?:;${OWN})*+$`,
].join("");

/** Pages of other sites may not change things or open WebSockets in the visitor's name. */
function originMaps(plan: Plan): string[] {
  const trusted = [...plan.routes.values()].flatMap((route) =>
    route.kind === "app"
      ? route.app.origins.map((origin) => [`${route.host}|${origin}`, "1"] as const)
      : [],
  );
  return [
    comment("Whether another site is behind a request that may change something."),
    map("$https|$request_method|$genkan_upgrade", "$genkan_changes", [
      [DEFAULT, "1"],
      [live("~^on\\|(?:GET|HEAD|OPTIONS)\\|$"), "0"],
      // The plain port changes nothing.
      [live("~^\\|"), "0"],
    ]),
    map("$http_origin|https://$http_host", "$genkan_own", [
      [DEFAULT, "0"],
      [live("~*^(?<genkan_o>[^|]+)\\|\\k<genkan_o>(?::443)?$"), "1"],
    ]),
    map("$server_name|$http_origin", "$genkan_trusted", [[DEFAULT, "0"], ...trusted]),
    map("$http_sec_fetch_site", "$genkan_elsewhere", [
      [DEFAULT, "0"],
      ["cross-site", "1"],
      ["same-site", "1"],
    ]),
    map(
      "$genkan_changes$genkan_own$genkan_trusted$genkan_elsewhere|$http_origin",
      "$genkan_foreign",
      [
        [DEFAULT, "0"],
        [live("~^100[01]\\|."), "1"],
        [live("~^1001\\|$"), "1"],
      ],
    ),
  ];
}

/** Pages of other origins may not show an app that has sandboxes: model/framing.ts. */
function framingMaps({ apps }: Plan): string[] {
  if (!apps.some(({ sandboxes }) => sandboxes)) return [];
  const framed = `~*^(?:${FRAMES.join("|")})\\|(?:${ELSEWHERE.join("|")})$`;
  return [
    comment("Whether a page of another origin would show it in a frame."),
    map("$http_sec_fetch_dest|$http_sec_fetch_site", "$genkan_framed", [
      [DEFAULT, live("")],
      [live(framed), "1"],
    ]),
  ];
}

/** A token (RFC 9110 section 5.6.2) as a pattern that matches just it. */
function tokenPattern(token: string): string {
  return token.replaceAll(/[^A-Za-z0-9-]/g, (sign) => `\\${sign}`);
}

/** Room for the longest keys: two host names of 253 characters and an origin's scheme and port. */
export function mapSizes(plan: Plan): string[] {
  const rows = Math.max(1024, plan.routes.size * 4);
  return [
    directive("map_hash_max_size", rows),
    directive("map_hash_bucket_size", 1024),
    directive("server_names_hash_max_size", rows),
    directive("server_names_hash_bucket_size", 512),
  ];
}
