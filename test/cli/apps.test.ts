import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "../support/cli.ts";

test("an app is added, listed and removed", async () => {
  const line = commandLine();
  expect(await line.genkan("list")).toMatchInlineSnapshot(`
    "$ genkan list
    No apps yet in ~/home/genkan.yaml. The first: genkan add openhands 3000"
  `);
  expect(await line.genkan("add openhands 1 --host openhands.yourdomain.local --access owner"))
    .toMatchInlineSnapshot(`
      "$ genkan add openhands 1 --host openhands.yourdomain.local --access owner
      openhands is at https://openhands.local -> http://localhost:1
      Nothing answers at http://localhost:1 yet. By its name it is taken for OpenHands.
      Open the door to use it: genkan up"
    `);
  expect(await line.genkan("add nas https://127.0.0.1:2 --insecure --access open")).toContain(
    "https://127.0.0.1:2",
  );
  expect(await line.genkan("list")).toMatchInlineSnapshot(`
    "$ genkan list
    APP        UPSTREAM             PRESET     FOR    NAMES
    openhands  http://localhost:1   openhands  owner  openhands.local openhands.yourdomain.local
    nas        https://127.0.0.1:2  -          open   nas.local"
  `);
  expect(await line.genkan("list --json")).toMatchInlineSnapshot(`
    "$ genkan list --json
    {"config":"~/home/genkan.yaml","apps":[{"name":"openhands","upstream":"http://localhost:1","hosts":["openhands.local","openhands.yourdomain.local"],"access":"owner","preset":"openhands"},{"name":"nas","upstream":"https://127.0.0.1:2","hosts":["nas.local"],"insecure":true,"access":"open"}]}"
  `);
  expect(await line.genkan("remove openhands")).toMatchInlineSnapshot(`
    "$ genkan remove openhands
    openhands is taken away."
  `);
  expect(await line.genkan("remove openhands")).toMatchInlineSnapshot(`
    "$ genkan remove openhands
    genkan: There is no app called openhands. There are: nas.
      -> Look at what there is: genkan list
      (APP_UNKNOWN)
    [exit 2]"
  `);
});

test("comments, order and spelling of the file survive an edit", async () => {
  const line = commandLine();
  const path = join(line.home, "genkan.yaml");
  writeFileSync(path, "# mine\napps:\n  # the wiki\n  wiki: 8080   # port of the container\n");
  await line.genkan("add nas 127.0.0.1:5");
  const text = readFileSync(path, "utf8");
  expect(text).toContain("# mine\napps:\n  # the wiki\n  wiki: 8080   # port of the container\n");
  expect(text).toContain("nas");
});

test.each([
  ["add wiki 0", "TARGET_INVALID"],
  ["add wiki 70000", "TARGET_INVALID"],
  ["add wiki ftp://nas", "TARGET_INVALID"],
  ["add wiki http://nas:80/path", "TARGET_INVALID"],
  ["add wi_ki 3000", "NAME_INVALID"],
  ["add genkan 3000", "NAME_INVALID"],
  ["add wiki.local 3000", "NAME_INVALID"],
  ["add bücher 3000", "NAME_INVALID"],
  ["add wiki 3000 --host -x-", "HOST_INVALID"],
  ["add wiki 3000 --host bücher.local", "HOST_INVALID"],
  ["add wiki 3000 --host 192.168.1.5", "HOST_INVALID"],
  ["add wiki 3000 --host *.local", "HOST_INVALID"],
  ["add wiki 3000 --access everyone", "ACCESS_IMPOSSIBLE"],
  ["add wiki 3000 --open-path webhook", "OPEN_PATH_INVALID"],
])("genkan %s is refused and nothing is written", async (words, code) => {
  const line = commandLine();
  const transcript = await line.genkan(words);
  expect(transcript).toContain(`(${code})`);
  expect(transcript).toContain("[exit 2]");
  expect(await line.genkan("list --json")).toContain('"apps":[]');
});

test("an app that is open says what that means, and more where it runs code", async () => {
  const line = commandLine();
  expect(await line.genkan("add blog 1 --access open")).toMatchInlineSnapshot(`
    "$ genkan add blog 1 --access open
    blog is at https://blog.local -> http://localhost:1
    Nothing answers at http://localhost:1 yet.
    Open the door to use it: genkan up
    Anyone on this network can open blog: nobody is asked to sign in."
  `);
  expect(await line.genkan("add openhands 2 --access open")).toMatchInlineSnapshot(`
    "$ genkan add openhands 2 --access open
    openhands is at https://openhands.local -> http://localhost:2
    Nothing answers at http://localhost:2 yet. By its name it is taken for OpenHands.
    Open the door to use it: genkan up
    Anyone on this network can open openhands: nobody is asked to sign in.
    WARNING: openhands runs code. Whoever opens it can do there whatever it can do. To ask for sign-in, say access: household for it in genkan.yaml"
  `);
  expect(await line.genkan("add wiki 3 --access household --open-path /webhook/*"))
    .toMatchInlineSnapshot(`
      "$ genkan add wiki 3 --access household --open-path /webhook/*
      wiki is at https://wiki.local -> http://localhost:3
      Nothing answers at http://localhost:3 yet.
      Open the door to use it: genkan up"
    `);
  expect(readFileSync(join(line.home, "genkan.yaml"), "utf8")).toContain("/webhook/*");
});

test("two apps cannot have one name, under whatever key", async () => {
  const line = commandLine();
  await line.genkan("add wiki 8080 --host docs.local");
  expect(await line.genkan("add docs 9090")).toMatchInlineSnapshot(`
    "$ genkan add docs 9090
    genkan: With this change the configuration would be wrong; ~/home/genkan.yaml stays as it was. ~/home/genkan.yaml has one problem:
      genkan.yaml:9:3 apps.docs: docs.local is asked for twice: by wiki and by docs. Give docs another name, or take the other away: genkan remove wiki
      -> Ask for the change in another way, or edit the file by hand.
      (CONFIG_CHANGE_REFUSED)
    [exit 2]"
  `);
  expect(await line.genkan("add wiki 9090")).toMatchInlineSnapshot(`
    "$ genkan add wiki 9090
    genkan: There is an app called wiki already, and it goes to http://localhost:8080.
      -> Choose another name, or replace it: genkan remove wiki && genkan add wiki 9090
      (APP_EXISTS)
    [exit 2]"
  `);
});

test("a name the authority may not vouch for is refused with the way out", async () => {
  const line = commandLine();
  await line.genkan("root --create --domain yourdomain.example");
  expect(await line.genkan("add wiki 8080 --host wiki.yourdomain.example")).toContain("wiki is at");
  expect(await line.genkan("add shop 8080 --host www.example.com")).toMatchInlineSnapshot(`
    "$ genkan add shop 8080 --host www.example.com
    genkan: The authority may not vouch for www.example.com: it was made for names under local, home.arpa, internal, lan, home, test, localhost, yourdomain.example only.
      -> Use a name under one of these, or make a new authority that may (every device must trust it anew): genkan root --replace --domain example.com
      (NAME_OUT_OF_SCOPE)
    [exit 1]"
  `);
});

test("a broken file is reported with its lines and left exactly as it is", async () => {
  const line = commandLine();
  const path = join(line.home, "genkan.yaml");
  const broken = "apps:\n  wiki:\n    traget: 8080\n  nas: 70000\nengin: node\n";
  writeFileSync(path, broken);
  expect(await line.genkan("add blog 4000")).toMatchInlineSnapshot(`
    "$ genkan add blog 4000
    genkan: ~/home/genkan.yaml has 4 problems:
      genkan.yaml:2:3 apps.wiki.target: target is missing: write a port (3000), host:port (nas:8080) or an address (https://nas:8443).
      genkan.yaml:3:5 apps.wiki.traget: The key "traget" is unknown. Did you mean target? There are: target, hosts, insecure, access, open_paths, origins, preset, sandbox_origins.
      genkan.yaml:4:8 apps.nas: 70000 is not allowed here: write a whole number from 1 to 65535.
      genkan.yaml:5:1 engin: The key "engin" is unknown. Did you mean engine? There are: version, authority, engine, addresses, https_port, http_port, domains, dns, docker, apps.
      -> Change these lines and try again; the file is ~/home/genkan.yaml
      (CONFIG_INVALID)
    [exit 2]"
  `);
  expect(readFileSync(path, "utf8")).toBe(broken);
});

test("a file of a newer Genkan is refused by its version", async () => {
  const line = commandLine();
  writeFileSync(join(line.home, "genkan.yaml"), "version: 2\napps: {}\n");
  expect(await line.genkan("list")).toMatchInlineSnapshot(`
    "$ genkan list
    genkan: ~/home/genkan.yaml says version: 2, which a newer Genkan wrote; this one reads version 1.
      -> Use the newer Genkan: npm install --global genkan@latest
      (CONFIG_FROM_NEWER_VERSION)
    [exit 2]"
  `);
});
