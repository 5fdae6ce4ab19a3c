import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "../support/cli.ts";

test("without an authority, root says how to make one", async () => {
  expect(await commandLine().genkan("root")).toMatchInlineSnapshot(`
    "$ genkan root
    genkan: There is no authority here yet, so there is no root to show.
      -> Open the door once (genkan up), or make the authority alone: genkan root --create
      (ROOT_NOT_MADE)
    [exit 1]"
  `);
});

test("root shows where it is, its fingerprint, four words and what it may vouch for", async () => {
  const line = commandLine();
  const made = await line.run("root", "--create", "--json");
  const facts = JSON.parse(made.stdout) as { path: string; fingerprint: string; words: string };
  const certificate = new X509Certificate(readFileSync(facts.path));
  expect(facts.fingerprint).toBe(certificate.fingerprint256);
  expect(facts.words.split(" ")).toHaveLength(4);
  const shown = await line.run("root");
  expect(shown.stdout).toContain(facts.fingerprint);
  expect(shown.stdout).toContain("home.arpa");
  expect((await line.run("root", "path")).stdout.trim()).toBe(facts.path);
  expect((await line.run("root", "--pem")).stdout).toContain("-----BEGIN CERTIFICATE-----");
});

test("a part that the root does not have is refused", async () => {
  const line = commandLine();
  await line.run("root", "--create");
  expect(await line.genkan("root key")).toMatchInlineSnapshot(`
    "$ genkan root key
    genkan: "key" is not a part of the root: it has path, fingerprint, words, pem.
      -> See what it takes: genkan root --help
      (USAGE)
    [exit 2]"
  `);
});

test.each(["--domain example.net", "--keep-root-key key.pem"])(
  "%s without --create is refused, not passed over",
  async (option) => {
    const line = commandLine();
    await line.run("root", "--create");
    expect(await line.genkan(`root ${option}`)).toContain("go with --create or --replace only");
  },
);

test("a second root is not made without being asked for by its name", async () => {
  const line = commandLine();
  const first = await line.run("root", "--create", "--json");
  const again = await line.run("root", "--create");
  expect(again.exit).toBe(1);
  expect(again.stderr).toContain("ROOT_EXISTS");
  expect(JSON.parse((await line.run("root", "--json")).stdout)).toEqual(JSON.parse(first.stdout));
  const replaced = await line.run("root", "--replace", "--json");
  const facts = (text: string) => JSON.parse(text) as { fingerprint: string };
  expect(facts(replaced.stdout).fingerprint).not.toBe(facts(first.stdout).fingerprint);
});

test("the root's key is nowhere on disk, unless asked for: then encrypted, and openssl opens it", async () => {
  const line = commandLine({ input: "correct horse battery\n" });
  const file = join(line.home, "root-key.pem");
  const { exit, stderr } = await line.run("root", "--create", "--keep-root-key", file);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
  const opened = execFileSync("openssl", [
    "pkey",
    "-in",
    file,
    "-passin",
    "pass:correct horse battery",
    "-pubout",
  ]);
  const root = (await line.run("root", "--pem")).stdout;
  const spki = new X509Certificate(root).publicKey.export({ type: "spki", format: "pem" });
  expect(opened.toString()).toBe(spki);
});

test("cert writes files as mkcert names them, and refuses what is out of scope", async () => {
  const line = commandLine();
  const { exit, stdout } = await line.run("cert", "nas.local", "nas.home.arpa", "--out", line.home);
  expect(exit).toBe(0);
  expect(stdout).toContain(join(line.home, "nas.local+1.pem"));
  const pair = readFileSync(join(line.home, "nas.local+1.pem"), "utf8");
  expect(new X509Certificate(pair).subjectAltName).toBe("DNS:nas.local, DNS:nas.home.arpa");
  expect(statSync(join(line.home, "nas.local+1-key.pem")).mode & 0o777).toBe(0o600);
  const refused = await line.run("cert", "www.example.com", "--out", line.home);
  expect(refused.exit).not.toBe(0);
  expect(existsSync(join(line.home, "www.example.com.pem"))).toBe(false);
});

test("a damaged authority is never replaced by itself, and can be replaced by name", async () => {
  const line = commandLine();
  await line.run("root", "--create");
  writeFileSync(join(line.home, "state/pki/authority/intermediate.pem"), "half a certif");
  const { exit, stderr } = await line.run("root");
  expect(exit).toBe(1);
  expect(stderr).toContain("PKI_AUTHORITY_DAMAGED");
  expect((await line.run("root", "--create")).stderr).toContain("PKI_AUTHORITY_DAMAGED");
  expect((await line.run("root", "--replace")).exit).toBe(0);
  expect((await line.run("root")).exit).toBe(0);
});
