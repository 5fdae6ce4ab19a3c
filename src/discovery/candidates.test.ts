/*
 * What containers may ask for, and what they get instead where they may not.
 */
import { expect, test } from "vitest";
import { HOME_SCOPE } from "../model/scope.ts";
import type { Interfaces } from "../platform/network.ts";
import { candidatesOf, type KnownContainer } from "./candidates.ts";
import { withFreeNames } from "./free-names.ts";

const at = (address: string, bits: number) => ({
  address,
  cidr: `${address}/${bits}`,
  netmask: "",
  family: "IPv4" as const,
  mac: "00:00:00:00:00:00",
  internal: false,
});
const MACHINE: Interfaces = { docker0: [at("172.17.0.1", 16)], eth0: [at("192.168.1.20", 24)] };

function container(name: string, more: Partial<KnownContainer> = {}): KnownContainer {
  return {
    id: name,
    imageId: "image",
    isImageGone: false,
    mounted: [],
    name,
    labels: {},
    env: {},
    ports: [{ port: 80 }],
    networkMode: "bridge",
    addresses: ["172.17.0.2"],
    isUnhealthy: false,
    ...more,
  };
}

const labelled = (labels: Record<string, string>, more: Partial<KnownContainer> = {}) =>
  container("web", { labels, ...more });
const judge = (one: KnownContainer, takesOthers = true) =>
  candidatesOf([one], MACHINE, takesOthers);
const codeOf = (one: KnownContainer) => judge(one).troubles[0]?.error.code;
const messageOf = (one: KnownContainer) => judge(one).troubles[0]?.error.message ?? "";

test("a container without a word to any proxy is nobody's app", () => {
  expect(judge(container("db"))).toEqual({ apps: [], troubles: [] });
});

test("one whose image is gone gets no name, whoever's words its own are, and is told so", () => {
  const gone = { isImageGone: true };
  expect(judge(container("db", gone))).toEqual({ apps: [], troubles: [] });
  for (const labels of [{ "genkan.name": "wiki" }, { "genkan.nmae": "wiki" }])
    expect(codeOf(labelled(labels, gone))).toBe("CONTAINER_IMAGE_GONE");
  expect(codeOf(container("db", { ...gone, env: { VIRTUAL_HOST: "wiki.home.arpa" } }))).toBe(
    "CONTAINER_IMAGE_GONE",
  );
  expect(messageOf(labelled({ "genkan.name": "wiki" }, gone))).toContain("its image is gone");
});

test("labels say all that genkan.yaml could", () => {
  const labels = {
    "genkan.name": "Wiki",
    "genkan.port": "8080",
    "genkan.hosts": "wiki.home.arpa, docs.lan",
    "genkan.access": "owner",
    "genkan.open_paths": "/health",
    "genkan.preset": "gitea",
  };
  expect(judge(labelled(labels)).apps).toMatchObject([
    {
      name: "wiki",
      upstream: { scheme: "http", host: "172.17.0.2", port: 8080 },
      hosts: ["wiki.home.arpa", "docs.lan"],
      access: "owner",
      openPaths: [{ segments: ["health"], below: false }],
      preset: "gitea",
      from: "docker container web",
    },
  ]);
});

test("who says nothing of access gets the household", () => {
  expect(judge(labelled({ "genkan.name": "wiki" })).apps[0]?.access).toBe("household");
  expect(judge(container("web", { env: { VIRTUAL_HOST: "wiki.lan" } })).apps[0]?.access).toBe(
    "household",
  );
});

test.each([
  [{ "genkan.name": "a.b" }],
  [{ "genkan.name": "wiki", "genkan.port": "0" }],
  [{ "genkan.name": "wiki", "genkan.port": "22; rm" }],
  [{ "genkan.name": "wiki", "genkan.access": "everyone" }],
  [{ "genkan.name": "wiki", "genkan.acess": "owner" }],
  [{ "genkan.name": "wiki", "genkan.open_paths": "/*" }],
  [{ "genkan.name": "wiki", "genkan.hosts": "*.lan" }],
  [{ "genkan.name": "wiki", "genkan.preset": "nonsense" }],
  [{ "genkan.port": "80" }],
])("%j is one trouble and no app", (labels) => {
  expect(judge(labelled(labels)).apps).toEqual([]);
  expect(codeOf(labelled(labels))).toBe("CONTAINER_LABELS_WRONG");
});

test("genkan.enable=false is the last word, whatever is said to others", () => {
  const quiet = labelled(
    { "genkan.enable": "false", "genkan.name": "wiki" },
    { env: { VIRTUAL_HOST: "wiki.lan" } },
  );
  expect(judge(quiet)).toEqual({ apps: [], troubles: [] });
});

test("what is said to other proxies counts only where the person wants it", () => {
  const one = container("web", { env: { VIRTUAL_HOST: "wiki.lan" } });
  expect(judge(one, false)).toEqual({ apps: [], troubles: [] });
  expect(judge(one, true).apps).toHaveLength(1);
});

const T = "traefik.http.routers.w.rule";
const S = "traefik.http.services.w.loadbalancer.server.port";
test.each([
  ["nginx-proxy", {}, { VIRTUAL_HOST: "wiki.lan,w.lan", VIRTUAL_PORT: "81" }],
  ["Traefik", { [T]: "Host(`wiki.lan`) || Host(`w.lan`)", [S]: "81" }, {}],
  ["Traefik's list", { [T]: "Host(`wiki.lan`, `w.lan`)", [S]: "81" }, {}],
  ["Caddy", { caddy: "wiki.lan, w.lan", "caddy.reverse_proxy": "{{upstreams 81}}" }, {}],
])("%s's words are understood", (_, labels, env) => {
  expect(judge(container("web", { labels, env })).apps).toMatchObject([
    { name: "wiki", hosts: ["wiki.lan", "w.lan"], upstream: { port: 81 } },
  ]);
});

test.each([
  { [T]: "Host(`wiki.lan`) && PathPrefix(`/a`)" },
  { [T]: "PathPrefix(`/a`)" },
  { [T]: "HostRegexp(`.*`)" },
  { [T]: "Host(`wiki.lan`) || PathPrefix(`/`)" },
  { caddy: "wiki.lan", "caddy.reverse_proxy": "http://evil.example" },
])("%j is more than names, and said not to be supported", (labels) => {
  expect(judge(labelled(labels)).apps).toEqual([]);
  expect(messageOf(labelled(labels))).toMatch(/understands/);
});

test("a published port comes before an address, and all interfaces mean loopback", () => {
  const ports = [{ port: 80, hostAddress: "0.0.0.0", hostPort: 8080 }];
  expect(judge(labelled({ "genkan.name": "wiki" }, { ports })).apps[0]?.upstream).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
  });
});

test.each([
  [{ networkMode: "none", addresses: [] }, /no network/],
  [{ networkMode: "container:1", addresses: [] }, /network of another container/],
  [{ networkMode: "swarm", addresses: ["10.0.9.3"] }, /networks this machine is not on/],
  [
    { addresses: [], ports: [{ port: 80, hostAddress: "10.9.9.9", hostPort: 80 }] },
    /no address on this machine/,
  ],
])("%j cannot be reached, and is told why", (more, why) => {
  expect(messageOf(labelled({ "genkan.name": "wiki" }, more))).toMatch(why);
});

test("several ports need a word", () => {
  const ports = [{ port: 80 }, { port: 81 }];
  expect(messageOf(labelled({ "genkan.name": "wiki" }, { ports }))).toMatch(/several ports/);
});

const own = { hosts: [], origins: [], access: "household", openPaths: [] } as const;
const upstream = { scheme: "http", host: "127.0.0.1", port: 1, insecure: false } as const;

test("the person's app keeps its names; the container that wants one is told", () => {
  const found = candidatesOf(
    [
      container("a", { labels: { "genkan.name": "wiki" } }),
      container("b", { labels: { "genkan.name": "other", "genkan.host": "wiki.local" } }),
      container("c", { labels: { "genkan.name": "genkan" } }),
      container("d", { labels: { "genkan.name": "good" } }),
      container("e", { labels: { "genkan.name": "good" } }),
      container("f", { labels: { "genkan.name": "far", "genkan.host": "bank.example" } }),
    ],
    MACHINE,
    false,
  );
  const { apps, troubles } = withFreeNames([{ name: "wiki", upstream, ...own }], found, HOME_SCOPE);
  expect(apps.map(({ name, hosts }) => [name, hosts])).toEqual([
    ["good", []],
    ["far", []],
  ]);
  expect(troubles.map(({ container: of, error }) => `${of} ${error.code}`).toSorted()).toEqual([
    "a CONTAINER_NAME_TAKEN",
    "b CONTAINER_NAME_TAKEN",
    "c CONTAINER_LABELS_WRONG",
    "e CONTAINER_NAME_TAKEN",
    "f CONTAINER_OUT_OF_SCOPE",
  ]);
});

test("thousands that all want one name harm nobody", () => {
  const many = Array.from({ length: 3_000 }, (_, index) =>
    container(`c${String(index).padStart(4, "0")}`, { labels: { "genkan.name": "wiki" } }),
  );
  const { apps, troubles } = withFreeNames([], candidatesOf(many, MACHINE, false), HOME_SCOPE);
  expect(apps.map((app) => app.container)).toEqual(["c0000"]);
  expect(troubles).toHaveLength(2_999);
});
