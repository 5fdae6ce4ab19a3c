import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { GenkanError } from "../kernel/errors.ts";
import { DEFAULT_ACCESS } from "../model/access.ts";
import { parseOpenPath } from "../model/open-paths.ts";
import type { AppSettings } from "../model/settings.ts";
import { parseTarget } from "../model/target.ts";
import { checkConfig } from "./check.ts";
import { addApp, removeApp } from "./edit.ts";

function app(name: string, target: string, more: Partial<AppSettings> = {}): AppSettings {
  return {
    name,
    upstream: parseTarget(target),
    hosts: [],
    origins: [],
    access: DEFAULT_ACCESS,
    openPaths: [],
    ...more,
  };
}

const nas = app("nas", "nas:9000");
const full = app("openhands", "https://[::1]", {
  upstream: parseTarget("https://[::1]", true),
  hosts: ["openhands.yourdomain.local", "true", "1e3"],
  access: "owner",
  openPaths: ["/health", "/webhook/*"].map(parseOpenPath),
});

function refusalOf(task: () => unknown): GenkanError {
  try {
    task();
  } catch (thrown) {
    if (thrown instanceof GenkanError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}

test.each(["", "\n", "\uFEFF"])("from %j the file's first form is made", (text) => {
  expect(addApp(text, app("wiki", "8080"))).toMatchInlineSnapshot(`
    "# What the door opens, and how. A running door follows every change of this file at once.
    # docs/config.md explains all keys; genkan add and genkan remove edit this file too.
    version: 1

    apps:
      wiki: 8080
    "
  `);
});

test("an app with more than a target becomes a block, each value in quotes where it must", () => {
  expect(addApp("apps:\n  wiki: 8080\n", full)).toBe(`apps:
  wiki: 8080
  openhands:
    target: "https://[::1]:443"
    hosts: [openhands.yourdomain.local, "true", "1e3"]
    insecure: true
    access: owner
    open_paths: [/health, /webhook/*]
`);
});

test("what an app is, and what its sandboxes' ports become, is written and read again", () => {
  const known = app("openhands", "3000", {
    hosts: ["openhands.home.lan"],
    preset: "openhands@0.36",
    sandboxOrigins: "hosts",
  });
  const text = addApp("apps:\n  # mine\n  wiki: 8080 # docs\n", known);
  expect(text).toBe(`apps:
  # mine
  wiki: 8080 # docs
  openhands:
    target: 3000
    hosts: [openhands.home.lan]
    preset: openhands@0.36
    sandbox_origins: hosts
`);
  const checked = checkConfig(text);
  expect(checked.is === "valid" && checked.settings.apps[1]).toEqual(known);
  expect(addApp(text, known)).toBe(text);
});

test.each([
  ["3000", "wiki: 3000"],
  ["http://localhost:3000", "wiki: 3000"],
  ["nas:3000", "wiki: nas:3000"],
  ["[::1]:3000", 'wiki: "[::1]:3000"'],
  ["https://nas", "wiki: https://nas:443"],
])("the target %s is written in its short form", (target, line) => {
  expect(addApp("version: 1\n", app("wiki", target))).toBe(`version: 1\napps:\n  ${line}\n`);
});

const commented = `# My door
version:   1   # the first

apps:
    # all of mine
    "wiki": '8080'      # on this machine

    # the box in the cellar
    box:
        target:  box:80
        # hosts: [box.lan]
    # later: 3000

# the end
engine: node
`;

test("only the new line is new; comments, quotes, spaces, blank lines and order stay", () => {
  expect(addApp(commented, nas)).toBe(
    commented.replace("    # later", "    nas: nas:9000\n    # later"),
  );
});

test("an app goes with what is inside it and the comment above it, and nothing else goes", () => {
  const without = commented.replace(/ {4}# the box[^]*\[box\.lan\]\n/, "");
  expect(removeApp(commented, "box")).toBe(without);
});

test("the comment above the first app may be about them all, and stays", () => {
  const without = commented.replace(/ {4}"wiki".*\n/, "");
  expect(removeApp(commented, "Wiki")).toBe(without);
});

test("of the blank lines around an app one is left", () => {
  expect(removeApp("apps:\n  a: 1\n\n  b: 2\n\n  c: 3\n", "b")).toBe("apps:\n  a: 1\n\n  c: 3\n");
  expect(removeApp("apps:\n  a: 1\n\n  b: 2\n", "b")).toBe("apps:\n  a: 1\n");
});

test.each([
  ["version: 1\n", "version: 1\napps:\n  nas: nas:9000\n"],
  ["version: 1", "version: 1\napps:\n  nas: nas:9000"],
  ["# nothing yet\n", "# nothing yet\napps:\n  nas: nas:9000\n"],
  ["---\n", "---\napps:\n  nas: nas:9000\n"],
  ["apps:\n", "apps:\n  nas: nas:9000\n"],
  ["apps:  # none yet\n\n# end\n", "apps:  # none yet\n  nas: nas:9000\n\n# end\n"],
  ["apps: {}\nversion: 1\n", "apps:\n  nas: nas:9000\nversion: 1\n"],
  ["apps: {} # none\n", "apps: # none\n  nas: nas:9000\n"],
  ["apps: null\n", "apps:\n  nas: nas:9000\n"],
  ["apps: {\n  # a: 1\n}\n", "apps: { nas: nas:9000 \n  # a: 1\n}\n"],
  ["apps:\n  wiki: 1", "apps:\n  wiki: 1\n  nas: nas:9000"],
  [
    "apps:\n  wiki: |\n    80\n\nversion: 1\n",
    "apps:\n  wiki: |\n    80\n  nas: nas:9000\n\nversion: 1\n",
  ],
  ["apps:\n ? wiki\n : 1\n", "apps:\n ? wiki\n : 1\n nas: nas:9000\n"],
  ["  version: 1\n  apps:\n    a: 1\n", "  version: 1\n  apps:\n    a: 1\n    nas: nas:9000\n"],
  ["\uFEFFversion: 1\n", "\uFEFFversion: 1\napps:\n  nas: nas:9000\n"],
  [
    "apps:\r\n  a: 1\r\n\r\nversion: 1\r\n",
    "apps:\r\n  a: 1\r\n  nas: nas:9000\r\n\r\nversion: 1\r\n",
  ],
  [
    "apps:\n  a:\n    target: 1\n    hosts:\n    - a.lan # first\n\n# end\n",
    "apps:\n  a:\n    target: 1\n    hosts:\n    - a.lan # first\n  nas: nas:9000\n\n# end\n",
  ],
  ["apps: { a: 1 }\n", "apps: { a: 1, nas: nas:9000 }\n"],
  ["apps: {\n  a: 1, # one\n}\n", "apps: {\n  a: 1, nas: nas:9000, # one\n}\n"],
  ["{}\n", "{ apps: { nas: nas:9000 } }\n"],
  ["{ version: 1 }\n", "{ version: 1, apps: { nas: nas:9000 } }\n"],
  ['{"apps":{"a":1}}', '{"apps":{"a":1, nas: nas:9000}}'],
  ["{ apps: {} }", "{ apps: { nas: nas:9000 } }"],
])("to %j an app is added in the file's own form", (text, after) => {
  expect(addApp(text, nas)).toBe(after);
});

test.each([
  ["apps:\n  nas: 1\n", "apps:\n"],
  ["apps:\n  a: 1\n  nas: 1", "apps:\n  a: 1\n"],
  ["apps:\r\n  nas:\r\n    target: 1\r\n  a: 1\r\n", "apps:\r\n  a: 1\r\n"],
  ["apps: { nas: 1 }\n", "apps: {  }\n"],
  ["apps: { nas: 1, a: 2 }\n", "apps: { a: 2 }\n"],
  ["apps: { a: 2, nas: 1 }\n", "apps: { a: 2 }\n"],
  ["apps: { a: 2, nas: 1, b: 3 }\n", "apps: { a: 2, b: 3 }\n"],
  ["apps: {\n  a: 2, # two\n  nas: 1\n}\n", "apps: {\n  a: 2, # two\n  \n}\n"],
  ['{"apps":{"nas":{"target":1},"a":2}}', '{"apps":{"a":2}}'],
])("from %j an app is taken", (text, after) => {
  expect(removeApp(text, "nas")).toBe(after);
});

test("an app that is there already, exactly so, changes nothing", () => {
  const text = 'apps:\n  NAS: { target: "nas:9000" }\n  openhands: x:1\n';
  expect(addApp(text, nas)).toBe(text);
  const withFull = addApp(removeApp(text, "openhands"), full);
  expect(addApp(withFull, full)).toBe(withFull);
});

test.each([
  ["another target", app("wiki", "8081")],
  ["another name", app("wiki", "8080", { hosts: ["wiki.lan"] })],
  ["another access", app("wiki", "8080", { access: "owner" })],
])("an app of the same name with %s is not overwritten", (_, wiki) => {
  const refusal = refusalOf(() => addApp("apps:\n  wiki: 8080\n", wiki));
  expect(refusal).toMatchObject({
    code: "APP_EXISTS",
    message: "There is an app called wiki already, and it goes to http://localhost:8080.",
  });
  expect(refusal.fix).toContain("genkan remove wiki && genkan add wiki 808");
});

test("an unknown app is named with those that are there, and the nearest", () => {
  expect(refusalOf(() => removeApp("apps: { wiki: 1, nas: 2 }", "wkii"))).toMatchObject({
    code: "APP_UNKNOWN",
    message: "There is no app called wkii. Did you mean wiki? There are: wiki, nas.",
  });
  expect(refusalOf(() => removeApp("", "wiki")).message).toBe(
    "There is no app called wiki. There are no apps yet.",
  );
});

test.each(["version: 1\n...\n", "{ apps: null }\n", "{ apps }\n"])(
  "%j has no place for an app, and is left alone",
  (text) => {
    expect(refusalOf(() => addApp(text, nas))).toMatchObject({
      code: "CONFIG_CHANGE_IMPOSSIBLE",
      message: expect.stringContaining("nothing was changed") as string,
    });
  },
);

const names = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/)
  .filter((name) => name !== "genkan");
const entries = fc.oneof(
  fc.constant("8080"),
  fc.constant("'nas:80' # quoted"),
  fc.constant("{ target: 1, hosts: [a.lan] }"),
  fc.constant("\n    target: 1\n    # hosts: []"),
  fc.constant("|\n    nas:80"),
);
const between = fc.constantFrom("", "\n", "  # a word\n", "\n  # a word\n", "\n\n");
const files = fc
  .tuple(
    fc.uniqueArray(names, { minLength: 1, maxLength: 5 }),
    fc.array(fc.tuple(entries, between), { minLength: 5, maxLength: 5 }),
    fc.boolean(),
    fc.constantFrom("", "version: 1\n", "# head\n\nengine: node\n"),
  )
  .map(([keys, parts, isCrlf, head]) => {
    const lines = keys.map((key, i) => `${parts[i]?.[1]}  ${key}: ${parts[i]?.[0]}\n`);
    const text = `${head}apps:\n${lines.join("")}`;
    return { keys, text: isCrlf ? text.replaceAll("\n", "\r\n") : text };
  });

test("whatever the file looks like, an app that is added and taken away leaves it as it was", () => {
  fc.assert(
    fc.property(files, ({ text, keys }) => {
      const added = addApp(text, app("new-one", "nas:1"));
      expect(checkConfig(added).is).toBe(checkConfig(text).is);
      expect(Object.keys((parse(added) as { apps: object }).apps)).toEqual([...keys, "new-one"]);
      expect(removeApp(added, "new-one")).toBe(text);
    }),
  );
});

test("whatever the file looks like, taking an app away leaves every other line of the apps", () => {
  fc.assert(
    fc.property(files, fc.nat(), ({ text, keys }, n) => {
      const gone = keys[n % keys.length] ?? "";
      const before = parse(text) as { apps: Record<string, unknown> };
      const after = parse(removeApp(text, gone)) as { apps: Record<string, unknown> | null };
      delete before.apps[gone];
      expect(after.apps ?? {}).toEqual(before.apps);
    }),
  );
});
