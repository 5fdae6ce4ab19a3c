/*
 * What people already tell other proxies of a container -> what it wishes. Read only where genkan.yaml says
 * `docker: true`. Pure. Sources: nginx-proxy's VIRTUAL_HOST, Traefik's Docker provider, caddy-docker-proxy.
 */
import { DEFAULT_ACCESS } from "../model/access.ts";
import { parseAppName, parseHostname } from "../model/hostname.ts";
import { parsePort, type Wish, WishError, wordsOf } from "./wish.ts";

type Texts = Readonly<Record<string, string>>;

/** @throws WishError, and what the model's parsers throw */
export function wishOfOthers(labels: Texts, env: Texts): Wish | undefined {
  return ofTraefik(labels) ?? ofCaddy(labels) ?? ofNginxProxy(env);
}

function ofNginxProxy(env: Texts): Wish | undefined {
  const hosts = env["VIRTUAL_HOST"];
  if (!hosts) return undefined;
  if (env["VIRTUAL_PATH"] && env["VIRTUAL_PATH"] !== "/")
    throw new WishError("VIRTUAL_PATH is a part of a name; at the door an app has a whole one.");
  const scheme = env["VIRTUAL_PROTO"] === "https" ? "https" : "http";
  return wish(wordsOf(hosts), env["VIRTUAL_PORT"], scheme);
}

const RULE = /^traefik\.http\.routers\.[^.]+\.rule$/;
const PORT = /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$/i;
const SCHEME = /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.scheme$/i;
/** `Host(`a`, `b`)`, several with `||` between them, and nothing else. */
const HOSTS_ONLY = /^\s*Host\([^()]*\)(?:\s*\|\|\s*Host\([^()]*\))*\s*$/;

function ofTraefik(labels: Texts): Wish | undefined {
  if (labels["traefik.enable"] === "false") return undefined;
  const rules = valuesOf(labels, RULE);
  if (rules.length === 0) return undefined;
  const odd = rules.find((rule) => !HOSTS_ONLY.test(rule));
  if (odd !== undefined)
    throw new WishError(
      `the Traefik rule ${JSON.stringify(odd.slice(0, 80))} is more than names; the door understands Host(...) and ||.`,
    );
  const hosts = rules.flatMap((rule) =>
    [...rule.matchAll(/[`"']([^`"']*)[`"']/g)].map(([, host = ""]) => host),
  );
  const [port, another] = new Set(valuesOf(labels, PORT));
  if (another !== undefined)
    throw new WishError("it has several Traefik services; the door takes one.");
  return wish(hosts, port, valuesOf(labels, SCHEME)[0] === "https" ? "https" : "http");
}

const UPSTREAMS = /^\{\{\s*upstreams(?:\s+(https?))?(?:\s+(\d+))?\s*\}\}$/;

function ofCaddy(labels: Texts): Wish | undefined {
  const site = labels["caddy"];
  const proxied = labels["caddy.reverse_proxy"];
  if (site === undefined || proxied === undefined) return undefined;
  const upstreams = UPSTREAMS.exec(proxied.trim());
  if (!upstreams)
    throw new WishError(
      "caddy.reverse_proxy is not {{upstreams PORT}}; the door understands no other.",
    );
  const [, scheme, port] = upstreams;
  const hosts = wordsOf(site).map((word) => word.replace(/^https?:\/\//, ""));
  return wish(hosts, port, scheme === "https" ? "https" : "http");
}

function valuesOf(labels: Texts, key: RegExp): string[] {
  return Object.entries(labels).flatMap(([name, value]) => (key.test(name) ? [value] : []));
}

/** The first name's first label is the app's name. */
function wish(texts: readonly string[], port: string | undefined, scheme: Wish["scheme"]): Wish {
  const hosts = texts.map(parseHostname);
  const [first] = hosts;
  if (first === undefined) throw new WishError("it names no host.");
  return {
    name: parseAppName(first.split(".")[0] ?? first),
    hosts,
    port: port === undefined ? undefined : parsePort(port),
    scheme,
    access: DEFAULT_ACCESS,
    openPaths: [],
    preset: undefined,
  };
}
