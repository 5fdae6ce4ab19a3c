import { expect, test } from "vitest";
import { DEFAULT_ACCESS } from "../model/access.ts";
import { checkConfig, type Checked } from "./check.ts";
import { lineOf } from "./report.ts";

/** The problems of a text as lines of the report. */
function problemsOf(text: string): string[] {
  const checked = checkConfig(text);
  if (checked.is !== "wrong") throw new Error(`the text is ${checked.is}`);
  return checked.problems.map((problem) => lineOf("genkan.yaml", problem));
}

function settingsOf(text: string): Extract<Checked, { is: "valid" }>["settings"] {
  const checked = checkConfig(text);
  if (checked.is !== "valid") throw new Error(problemsOf(text).join("\n"));
  return checked.settings;
}

const nothing = {
  authority: "own",
  engine: "node",
  addresses: [],
  httpsPort: undefined,
  httpPort: undefined,
  domains: [],
  docker: "auto",
  apps: [],
};

test.each(["", "\n", "# only words\n", "---\n", "{}", "apps:\n", "version: 1", "\uFEFF", "null"])(
  "%j is the configuration without apps",
  (text) => {
    expect(checkConfig(text)).toEqual({ is: "valid", settings: nothing, warnings: [] });
  },
);

test("every key has its place in the settings", () => {
  const text = `
version: 1
authority: mkcert
engine: node
addresses: [192.168.1.10, "::1", "[0::1]"]
https_port: 8443
http_port: 8080
domains: [YourDomain.example, yourdomain.example.]
dns: { zone: Box.home.arpa, addresses: [192.168.1.10] }
docker: false
apps:
  openhands:
    target: https://NAS
    hosts: [openhands.yourdomain.local, OpenHands.yourdomain.local]
    insecure: true
    access: owner
    open_paths: [/health, "/webhook/*", /health]
    origins: [HTTPS://Board.local/, https://board.local]
    preset: openhands@1
    sandbox_origins: hosts
`;
  expect(settingsOf(text)).toEqual({
    authority: "mkcert",
    engine: "node",
    addresses: ["192.168.1.10", "::1"],
    httpsPort: 8443,
    httpPort: 8080,
    domains: ["yourdomain.example"],
    dns: { zone: "box.home.arpa", port: 53, addresses: ["192.168.1.10"] },
    docker: false,
    apps: [
      {
        name: "openhands",
        upstream: { scheme: "https", host: "nas", port: 443, insecure: true },
        hosts: ["openhands.yourdomain.local"],
        access: "owner",
        openPaths: [
          { segments: ["health"], below: false },
          { segments: ["webhook"], below: true },
        ],
        origins: ["https://board.local"],
        preset: "openhands@1",
        sandboxOrigins: "hosts",
      },
    ],
  });
});

test.each([
  ["apps: { Wiki: 8080 }", "http://localhost:8080"],
  ['apps: { wiki: "8080" }', "http://localhost:8080"],
  ["apps:\n  wiki: nas:8080", "http://nas:8080"],
  ["apps:\n  wiki: !!str 8080", "http://localhost:8080"],
  ["apps:\n  wiki:\n    target: 0x1F90", "http://localhost:8080"],
])("%j has one app", (text, target) => {
  const { apps } = settingsOf(text);
  expect(apps).toMatchObject([{ name: "wiki", hosts: [], access: DEFAULT_ACCESS, openPaths: [] }]);
  const { scheme, host, port } = apps[0]!.upstream;
  expect(`${scheme}://${host}:${port}`).toBe(target);
});

test("apps keep their order", () => {
  const text = "apps:\n  zoo: 1\n  a1: 2\n  wiki: 3\n";
  expect(settingsOf(text).apps.map(({ name }) => name)).toEqual(["zoo", "a1", "wiki"]);
});

test("everything wrong is told at once, in the order of the lines", () => {
  const text = `version: 1
authority: mkcrt
addresses: [192.168.1.10, nas]
https_port: 70000
http_port: "80"
domains: [co.uk]
aps: {}
apps:
  wiki: "ftp://ada:secret@nas"
  my_app: 99999
  none:
  openhands:
    tarjet: 3000
    hosts: openhands.local
    access: everyone
    insecure: yes
  other:
    target: 3000.5
    hosts: ["bücher.local", 5]
  list: [1]
  flag: true
`;
  expect(problemsOf(text)).toMatchInlineSnapshot(`
    [
      "genkan.yaml:2:12 authority: "mkcrt" is not allowed here: write own or mkcert. Did you mean mkcert?",
      "genkan.yaml:3:27 addresses[1]: "nas" is no address. Write an IPv4 or IPv6 address, such as 192.168.1.10 or fd00::10.",
      "genkan.yaml:4:13 https_port: 70000 is not allowed here: write a whole number from 1 to 65535.",
      "genkan.yaml:5:12 http_port: "80" is not allowed here: write a whole number from 1 to 65535.",
      "genkan.yaml:6:11 domains[0]: An authority for everything under co.uk could pose as the sites of strangers. Name a domain of your own, such as yourdomain.co.uk.",
      "genkan.yaml:7:1 aps: The key "aps" is unknown. Did you mean apps? There are: version, authority, engine, addresses, https_port, http_port, domains, dns, docker, apps.",
      "genkan.yaml:9:9 apps.wiki: "ftp://***@nas" is no target: only http:// and https:// can be opened, not ftp://. Write a port (3000), host:port (nas:8080) or an address (https://nas:8443).",
      "genkan.yaml:10:3 apps.my_app: "my_app" is no name for an app: it is not 1 to 63 letters, digits and inner hyphens. Choose one label of letters, digits and hyphens, such as my-app.",
      "genkan.yaml:10:11 apps.my_app: 99999 is not allowed here: write a whole number from 1 to 65535.",
      "genkan.yaml:11:8 apps.none: Nothing stands here: write a port (3000), host:port (nas:8080) or an address (https://nas:8443), or a block with 'target:' in it.",
      "genkan.yaml:12:3 apps.openhands.target: target is missing: write a port (3000), host:port (nas:8080) or an address (https://nas:8443).",
      "genkan.yaml:13:5 apps.openhands.tarjet: The key "tarjet" is unknown. Did you mean target? There are: target, hosts, insecure, access, open_paths, origins, preset, sandbox_origins.",
      "genkan.yaml:14:12 apps.openhands.hosts: "openhands.local" is not allowed here: write a list of host names, such as [wiki.home.arpa].",
      "genkan.yaml:15:13 apps.openhands.access: "everyone" is not allowed here: write household (every device that was let in), owner (only devices of owners) or open (everyone who reaches the door).",
      "genkan.yaml:16:15 apps.openhands.insecure: "yes" is not allowed here: write true or false.",
      "genkan.yaml:18:13 apps.other.target: 3000.5 is not allowed here: write a port (3000), host:port (nas:8080) or an address (https://nas:8443).",
      "genkan.yaml:19:13 apps.other.hosts[0]: "bücher.local" is no host name: names on the wire are plain ASCII. Write xn--bcher-kva.local.",
      "genkan.yaml:19:29 apps.other.hosts[1]: 5 is not allowed here: write a host name such as wiki.home.arpa.",
      "genkan.yaml:20:9 apps.list: A list is not allowed here: write a port (3000), host:port (nas:8080) or an address (https://nas:8443), or a block with 'target:' in it.",
      "genkan.yaml:21:9 apps.flag: true is not allowed here: write a port (3000), host:port (nas:8080) or an address (https://nas:8443), or a block with 'target:' in it.",
    ]
  `);
});

test.each(["/*", "webhook", "/a/../b", "/*/x", "/a%2fb"])("the open path %s is refused", (path) => {
  const [problem] = problemsOf(`apps:\n  wiki:\n    target: 1\n    open_paths: ["${path}"]\n`);
  expect(problem).toContain("genkan.yaml:4:18 apps.wiki.open_paths[0]:");
});

test.each([
  ["engine: caddy", "write node or nginx"],
  ["engine: toString", "write node or nginx"],
  ["version: 0", "1:10 version: 0 is not allowed here: write 1."],
  ['version: "1"', 'version: "1" is not allowed here: write 1.'],
  ["https_port: 0", "https_port: 0 is not allowed here: write a whole number from 1 to 65535."],
  ["https_port: 1e99", "https_port: 1e+99 is not allowed here"],
  ["https_port: .inf", "https_port: Infinity is not allowed here"],
  ["https_port:", "https_port: Nothing stands here: write a whole number"],
  ["addresses: 10.0.0.1", "write a list of addresses"],
  ["addresses: [10.0.0]", 'addresses[0]: "10.0.0" is no address.'],
  ["apps: [wiki]", "apps: A list is not allowed here: write a block with one line for each app"],
  ["wiki", '1:1 "wiki" is not allowed here: write keys with their values'],
  ["- wiki", "1:1 A list is not allowed here"],
  ["apps: { wiki: {} }", "apps.wiki.target: target is missing: write a port (3000)"],
  ["apps: { wiki: { target: { port: 1 } } }", "apps.wiki.target: A block is not allowed here"],
  ["apps: { wiki: { target: 1, Hosts: [] } }", 'The key "Hosts" is unknown. Did you mean hosts?'],
  ["apps: { a: { target: 1, preset: grafanna } }", "Did you mean grafana?"],
  ["apps: { a: { target: 1, preset: openhands@2 } }", "Did you mean openhands@1?"],
  [
    "apps: { a: { target: 1, sandbox_origins: host } }",
    "write ports or hosts. Did you mean hosts?",
  ],
  ["colour: red", 'The key "colour" is unknown. There are: version, authority'],
  ["apps: { genkan: 1 }", "this is the door's own name"],
  ["apps: { 8080: 1 }", 'apps.8080: "8080" is no name for an app: it is a number only'],
  ['apps: { "": 1 }', '1:9 apps."": "" is no name for an app: it is empty.'],
  ["apps: { __proto__: 1 }", 'The key "__proto__" is no name for anything'],
  ["apps: { wiki }", "1:9 apps.wiki: Nothing stands here: write a port"],
  ["apps: { constructor: { target: 0 } }", "apps.constructor.target: 0 is not allowed here"],
])("%j is wrong: %s", (text, says) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(says);
});

test.each([
  [
    "apps:\n  Wiki: 1\n  wiki: 2\n",
    "3:3 apps.wiki: This is the same name as Wiki. Remove one of them.",
  ],
  [
    "apps:\n  Wiki: 1\n  Nas: { target: 2, hosts: [wiki.local] }\n",
    "3:3 apps.Nas: wiki.local is asked for twice: by wiki and by nas.",
  ],
  [
    "apps:\n  wiki: { target: 2, hosts: [genkan.local] }\n",
    "2:3 apps.wiki: genkan.local is the door's own name; wiki cannot have it.",
  ],
  ["http_port: 80\nhttps_port: 80\n", "1:12 http_port: https_port and http_port are both 80"],
  [
    "apps:\n  wiki: { target: 2, insecure: true }\n",
    "2:22 apps.wiki.insecure: 'insecure' is for https:// targets only.",
  ],
])("%j is wrong between keys: %s", (text, says) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(says);
});

test.each([
  ["apps:\n\twiki: 1\n", "2:1 A tab stands where the line begins"],
  ["a: 1\n---\nb: 2\n", "2:1 A second document begins here"],
  ["apps: { wiki: 1\n", "2:1 This line begins at the wrong place"],
  ["apps: 'x\n", "Something that was opened is not closed"],
  ["apps: wiki: 1\n", "1:7 There is a second colon on this line"],
  ["apps: !secret x\n", "1:7 Tags (!name) are not read."],
  ["apps: %x\n", "1:7 Plain value cannot start with"],
  ["a: &x 1\nb: *x\n", "2:4 Aliases (*x) are not read. Write the value out."],
  ["<<: { version: 1 }\n", "1:1 Merge keys (<<) are not read."],
  ["apps: { wiki: 1 }\napps: {}\n", '2:1 The key "apps" is there twice'],
  ["apps:\n  wiki: 1\n  nas: 2\n  wiki: 3\n", '4:3 The key "wiki" is there twice'],
  ["? [a]\n: 1\n", "1:3 With stringKeys, all keys must be strings."],
  ["\0\0\0", String.raw`"\u0000\u0000\u0000" is not allowed here`],
])("%j is no plain YAML: %s", (text, says) => {
  expect(problemsOf(text).join("\n")).toContain(says);
});

test("aliases that would unfold without end are refused, not unfolded", () => {
  const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
  const problems = problemsOf(["a0: &a0 x", ...levels].join("\n"));
  expect(problems).toHaveLength(60);
  expect(problems[0]).toContain("2:10 Aliases (*a0) are not read.");
});

test.each([
  ["brackets", "[".repeat(200_000)],
  ["braces", "{a: ".repeat(200_000)],
  ["lists", "- ".repeat(200_000)],
  ["keys", "? ".repeat(200_000)],
  ["lines", Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
])("a text of %s in each other is refused before it exhausts the reader", (_, text) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^genkan\.yaml:\d+:\d+ Blocks stand in blocks here/);
});

test("names below the app's need a domain where names can be made", () => {
  const app = "target: 1, preset: openhands, sandbox_origins";
  expect(
    problemsOf(`apps: { oh: { ${app}: hosts, hosts: [oh.you.local, oh.localhost] } }`),
  ).toEqual([
    expect.stringMatching(/^genkan.yaml:1:\d+ apps.oh.sandbox_origins: 'hosts' makes names below/),
  ]);
  for (const text of [
    `apps: { oh: { ${app}: hosts, hosts: [oh.home.lan] } }`,
    `dns: { zone: box.home.arpa }\napps: { oh: { ${app}: hosts } }`,
    `apps: { oh: { ${app}: ports } }`,
  ]) {
    expect(settingsOf(text).apps).toMatchObject([{ preset: "openhands" }]);
  }
});

test("an app without sandboxes has no origins for them", () => {
  expect(problemsOf("apps: { wiki: { target: 1, sandbox_origins: ports } }")).toEqual([
    expect.stringContaining("Only OpenHands has sandboxes."),
  ]);
});

test("a file from a newer Genkan is known as such, whatever else it says", () => {
  expect(checkConfig("version: 2\nclouds: []\n")).toEqual({ is: "newer", version: 2 });
});

test("a domain that every authority has already is worth a word", () => {
  const checked = checkConfig("domains: [yourdomain.example, box.lan]\n");
  expect(checked).toMatchObject({
    is: "valid",
    warnings: [{ line: 1, column: 1, path: ["domains"] }],
  });
});

test("a thousand apps are read, and a thousand mistakes told", () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `  a${i}: ${i + 1}`);
  expect(settingsOf(["apps:", ...lines].join("\n")).apps).toHaveLength(1000);
  const wrong = lines.map((line) => line.replace(/: .*/, ": 0"));
  expect(problemsOf(["apps:", ...wrong].join("\n"))).toHaveLength(1000);
});

test("a zone that cannot be, and a key it does not have, are said with what there is", () => {
  expect(problemsOf("dns: { zone: home.arpa, prot: 53 }")).toEqual([
    'genkan.yaml:1:14 dns.zone: "home.arpa" cannot be a zone: the names of other machines are under it, too. Choose a name of this machine\'s own, such as box.home.arpa.',
    'genkan.yaml:1:25 dns.prot: The key "prot" is unknown. Did you mean port? There are: zone, port, addresses.',
  ]);
  expect(problemsOf("dns: box.home.arpa")).toEqual([
    expect.stringContaining("write a block with 'zone:' in it"),
  ]);
});
