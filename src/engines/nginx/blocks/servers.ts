/*
 * The servers: one per name, because each name has a certificate of its own; the door's own; the one for
 * who names nobody; and the plain port, which shows the door's first page and sends on everything else.
 */
import { isIP } from "node:net";
import { join } from "node:path";
import {
  AT_APP,
  PLAIN_PATHS,
  type Plan,
  type PlannedApp,
  type Route,
} from "../../../model/plan.ts";
import { patternSource } from "../../../model/path-pattern.ts";
import { block, comment, directive, live } from "../directives.ts";
import { isAtLeast, type NginxFacts } from "../facts.ts";
import { type AppRoute, asking, guarded } from "./gate.ts";
import { endpoint, SHOWN_PORT } from "./http.ts";
import { answersByRelay, TO_RELAY, toPages } from "./shared.ts";
import { addressesOf, NOWHERE, oncePoolOf, poolOf } from "./upstreams.ts";

/** Host headers that are addresses. */
const ADDRESSES = [live("~^\\d+\\.\\d+\\.\\d+\\.\\d+$"), live("~^\\[[0-9a-f:.]+\\]$")];

export function servers(plan: Plan, facts: NginxFacts): string[] {
  return [
    comment("Who asks for a name the door does not have."),
    secureServer(facts, { name: "", isDefault: true, names: [live("")] }, [
      block(["location", "/"], [directive("return", 421)]),
    ]),
    comment("Who asks for an address sees the door's own pages."),
    secureServer(facts, { name: "", names: ADDRESSES }, portalLines(facts)),
    ...[...plan.routes.values()].flatMap((route) => serverOf(route, facts)),
    ...plainServers(plan, facts),
    comment("On this socket the workers of this configuration say that they are there."),
    block(
      ["server"],
      [
        directive("listen", `unix:${healthSocket(facts)}`),
        directive("access_log", "off"),
        directive("keepalive_timeout", "1d"),
        directive("keepalive_requests", 1_000_000_000),
        block(["location", "/"], [directive("return", 200, String(facts.generation))]),
      ],
    ),
  ];
}

export function healthSocket({
  paths,
  generation,
}: Pick<NginxFacts, "paths" | "generation">): string {
  return join(paths.run, `${generation}.sock`);
}

function serverOf(route: Route, facts: NginxFacts): string[] {
  const { host } = route;
  const spec = { name: host, names: [host] };
  if (route.kind === "portal") {
    return [comment("The door's own pages."), secureServer(facts, spec, portalLines(facts))];
  }
  return [comment(`app ${route.app.name}`), secureServer(facts, spec, appLines(route, facts))];
}

function appLines(route: AppRoute, facts: NginxFacts): string[] {
  const isGated = route.app.access !== "open";
  const toApp = [...(isGated ? guarded() : []), ...toUpstream(route.app, facts)];
  return [
    ...(route.app.sandboxes ? [block(["if ($genkan_framed)"], [directive("return", 403)])] : []),
    block(["if ($genkan_upgrade)"], [directive("return", TO_RELAY)]),
    block(["location", "^~", AT_APP], toPages(facts, "at-app")),
    ...(isGated ? [asking(route, facts)] : []),
    ...sandboxAnswers(route.app, facts),
    block(["location", "/"], toApp),
  ];
}

/** Answers that may name ports of sandboxes: the daemon asks for them and names the door's instead. */
function sandboxAnswers({ sandboxes }: PlannedApp, facts: NginxFacts): string[] {
  if (!sandboxes || sandboxes.named.length === 0) return [];
  const sources = sandboxes.named.map(patternSource).join("|");
  return [block(["location", "~", live(sources)], answersByRelay(facts))];
}

function toUpstream(app: PlannedApp, facts: NginxFacts): string[] {
  const { upstream, name } = app;
  if (addressesOf(upstream, facts).length === 0)
    return [directive("proxy_pass", `http://${NOWHERE}`)];
  const passTo = (pool: string): string => directive("proxy_pass", `${upstream.scheme}://${pool}`);
  // Some apps send content behind an answer to HEAD: nobody else may be answered with it.
  const head = block(["if ($request_method = HEAD)"], [passTo(oncePoolOf(name))]);
  const secure = upstream.scheme === "https" ? secureUpstream(app, facts) : [];
  return [passTo(poolOf(name)), ...secure, head];
}

function secureUpstream({ upstream }: PlannedApp, { paths }: NginxFacts): string[] {
  const { host, insecure } = upstream;
  const named = [
    directive("proxy_ssl_name", host),
    directive("proxy_ssl_server_name", isIP(host) ? "off" : "on"), // RFC 6066 section 3: no addresses
    directive("proxy_ssl_protocols", "TLSv1.2", "TLSv1.3"),
  ];
  if (insecure) return [...named, directive("proxy_ssl_verify", "off")];
  return [
    ...named,
    directive("proxy_ssl_verify", "on"),
    directive("proxy_ssl_verify_depth", 5),
    directive("proxy_ssl_trusted_certificate", paths.trusted),
  ];
}

function portalLines(facts: NginxFacts): string[] {
  return [
    block(["if ($genkan_upgrade)"], [directive("return", TO_RELAY)]),
    block(["location", "/"], toPages(facts, "portal")),
  ];
}

interface ServerSpec {
  /** Whose leaf it shows; empty for that of this machine's addresses. */
  readonly name: string;
  readonly names: readonly Parameters<typeof directive>[1][];
  readonly isDefault?: boolean;
}

function secureServer(facts: NginxFacts, spec: ServerSpec, lines: readonly string[]): string {
  const isOlder = !isAtLeast(facts.version, [1, 25, 1]);
  const file = facts.leafFile(spec.name);
  const words = ["ssl", ...(isOlder ? ["http2"] : [])];
  return block(
    ["server"],
    [
      ...listens(facts, { secure: true, isDefault: spec.isDefault === true, words }),
      ...(isOlder ? [] : [directive("http2", "on")]),
      directive("server_name", ...spec.names),
      directive("ssl_certificate", file),
      directive("ssl_certificate_key", file),
      directive("include", facts.paths.shared),
      ...lines,
    ],
  );
}

interface ListenWords {
  readonly secure: boolean;
  readonly isDefault: boolean;
  readonly words: readonly string[];
}

/** Options of the socket itself are said once, with the default server. */
function listens({ places }: NginxFacts, { secure, isDefault, words }: ListenWords): string[] {
  const hasIpv4 = places.some(({ address }) => address === "0.0.0.0");
  return places.map(({ address, httpsPort, httpPort }) => {
    const once = ["default_server", "so_keepalive=45s::", "backlog=511"];
    const family = address.includes(":") ? [`ipv6only=${hasIpv4 ? "on" : "off"}`] : [];
    const more = isDefault ? [...once, ...family] : [];
    return directive("listen", endpoint(address, secure ? httpsPort : httpPort), ...words, ...more);
  });
}

function plainServers(plan: Plan, facts: NginxFacts): string[] {
  const hostsOf = (kind: Route["kind"]): string[] =>
    [...plan.routes.values()].flatMap((route) => (route.kind === kind ? [route.host] : []));
  const [apps, portals] = [hostsOf("app"), hostsOf("portal")];
  // Every place has a secure port of its own; nginx tells them apart by the plain one.
  const ports = new Map(facts.places.map(({ httpPort, httpsPort }) => [httpPort, httpsPort]));
  const rows = [...ports].map(([from, to]) => `${from} ${to === SHOWN_PORT ? '""' : `:${to}`};`);
  return [
    comment(
      "The plain port: apps are sent to the secure one (RFC 9110 section 15.4.9); the door's own page is shown.",
    ),
    block(["map", live("$server_port"), live("$genkan_secure_port")], rows),
    block(
      ["server"],
      [
        ...listens(facts, { secure: false, isDefault: true, words: [] }),
        directive("server_name", live("")),
        ...plainCommon(facts),
        block(["location", "/"], [directive("return", 421)]),
      ],
    ),
    ...(apps.length === 0 ? [] : [plainServer(facts, apps, [])]),
    plainServer(facts, [...portals, ...ADDRESSES], [...PLAIN_PATHS]),
  ];
}

/** @param shown paths the door's own pages answer; everything else is sent to the secure port. */
function plainServer(
  facts: NginxFacts,
  names: ServerSpec["names"],
  shown: readonly string[],
): string {
  return block(
    ["server"],
    [
      ...listens(facts, { secure: false, isDefault: false, words: [] }),
      directive("server_name", ...names),
      ...plainCommon(facts),
      block(["if ($genkan_upgrade)"], [directive("return", 400)]),
      ...(shown.length === 0
        ? []
        : [block(["location", "~", live(oneOf(shown))], toPages(facts, "plain"))]),
      block(
        ["location", "/"],
        [directive("return", 308, live("https://$host$genkan_secure_port$request_uri"))],
      ),
    ],
  );
}

/** A pattern for just these paths. */
function oneOf(paths: readonly string[]): string {
  return `^(?:${paths.map((path) => path.replaceAll(".", "\\.")).join("|")})$`;
}

/** A connection carries one request: the next goes to the other port. */
function plainCommon({ paths }: NginxFacts): string[] {
  return [directive("keepalive_timeout", 0), directive("include", paths.shared)];
}
