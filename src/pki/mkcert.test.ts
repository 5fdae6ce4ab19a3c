import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type AuthorityWorld, authorityWorld } from "../../test/support/authority.ts";
import { describeHost } from "../../test/support/host.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { runProgram } from "../platform/run.ts";
import type { Authority } from "./authority.ts";
import { createLeafVault } from "./vault.ts";
import { mkcertFolder, openMkcert } from "./mkcert.ts";
import { fourWords } from "./words.ts";

const coded = (code: string) => expect.objectContaining({ code });

describe("mkcert's folder", () => {
  test.each([
    ["CAROOT says", { env: { CAROOT: "/x", XDG_DATA_HOME: "/y" } }, "/x"],
    ["XDG_DATA_HOME says", { env: { XDG_DATA_HOME: "/y" } }, "/y/mkcert"],
    ["Linux has it", {}, "/home/ada/.local/share/mkcert"],
    [
      "macOS has it",
      { os: "macos" as const, home: "/Users/ada" },
      "/Users/ada/Library/Application Support/mkcert",
    ],
    ["Windows has it", { os: "windows" as const, env: { LOCALAPPDATA: "/L" } }, "/L/mkcert"],
    [
      "Windows has it without LOCALAPPDATA",
      { os: "windows" as const, env: {}, home: "/h" },
      "/h/AppData/Local/mkcert",
    ],
  ])("is where %s", (_, host, folder) => {
    expect(mkcertFolder(describeHost({ env: {}, ...host }))).toBe(folder);
  });
});

interface MkcertWorld extends AuthorityWorld {
  readonly caroot: string;
  readonly open: () => Promise<Authority>;
}

function mkcertWorld(): MkcertWorld {
  const world = authorityWorld();
  const { clock } = world;
  const caroot = tempFolder();
  const host = describeHost({ env: { CAROOT: caroot } });
  const open = (): Promise<Authority> => {
    // Roots made in the tests begin when they are made, to the second; making one may take seconds.
    clock.move(Math.max(0, Date.now() + 2000 - clock.now()));
    return openMkcert({ ...world, host });
  };
  return { ...world, caroot, open };
}

/** A root such as people put in the place of mkcert's, made by OpenSSL. */
async function makeRootByOpenssl(
  caroot: string,
  newkey: readonly string[],
  isCa = true,
): Promise<void> {
  const [key, pem] = [join(caroot, "rootCA-key.pem"), join(caroot, "rootCA.pem")];
  const ca = isCa ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE";
  const form = "req -x509 -nodes -days 30 -subj /O=home/CN=root".split(" ");
  const extensions = [
    "-addext",
    `basicConstraints=${ca}`,
    "-addext",
    "keyUsage=critical,keyCertSign",
  ];
  const files = ["-keyout", key, "-out", pem];
  await runProgram("openssl", [...form, ...files, ...extensions, ...newkey]);
}

describe("an mkcert authority that is not there", () => {
  test("is told with the folder, and how to make it", async () => {
    const { open, caroot } = mkcertWorld();
    await expect(open()).rejects.toEqual(
      expect.objectContaining({
        code: "PKI_MKCERT_MISSING",
        message: `The configuration says authority: mkcert, but ${caroot} has no rootCA.pem.`,
      }),
    );
  });
});

describeWithTools("a root in mkcert's place", ["openssl"], () => {
  test.each([
    ["RSA", ["-newkey", "rsa:2048"]],
    ["ECDSA on P-256", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]],
    ["ECDSA on P-384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"]],
  ])("signs leaves with %s", async (_, newkey) => {
    const { open, caroot } = mkcertWorld();
    await makeRootByOpenssl(caroot, newkey);
    const authority = await open();
    await expectOpensslAccepts(authority, { dns: ["openhands.yourdomain.local"] });
    expect(authority.root.subject).toBe("O=home\nCN=root");
  });

  test("is refused when its key is of a kind we cannot sign with", async () => {
    const { open, caroot } = mkcertWorld();
    await makeRootByOpenssl(caroot, ["-newkey", "ed25519"]);
    await expect(open()).rejects.toEqual(coded("PKI_MKCERT_UNUSABLE"));
    await makeRootByOpenssl(caroot, ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp521r1"]);
    await expect(open()).rejects.toEqual(coded("PKI_MKCERT_UNUSABLE"));
  });

  test("is refused without its key, with another's key, and when it is no authority", async () => {
    const { open, caroot } = mkcertWorld();
    await makeRootByOpenssl(caroot, ["-newkey", "rsa:2048"]);
    const key = join(caroot, "rootCA-key.pem");
    await rm(key);
    await expect(open()).rejects.toThrow(/has no rootCA-key\.pem/);
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    await writeFile(key, other.export({ type: "pkcs8", format: "pem" }));
    await expect(open()).rejects.toThrow(/belongs to another root/);
    await makeRootByOpenssl(caroot, ["-newkey", "rsa:2048"], false);
    await expect(open()).rejects.toThrow(/not the certificate of an authority/);
    await writeFile(join(caroot, "rootCA.pem"), "nonsense");
    await expect(open()).rejects.toEqual(coded("PKI_MKCERT_UNUSABLE"));
  });

  test("leaves nothing of root's in the home of the person who called sudo", async () => {
    const { dir, caroot, clock, log } = mkcertWorld();
    await makeRootByOpenssl(caroot, ["-newkey", "rsa:2048"]);
    const env = { CAROOT: caroot, SUDO_UID: "1000" };
    const host = describeHost({ isRoot: true, uid: 0, env });
    const { root } = await openMkcert({ dir, clock, log, host });
    expect(root.words).toBe(await fourWords(root.fingerprint256));
    expect(existsSync(join(dir, "mkcert-words.json"))).toBe(false);
  });

  test("has four words that are kept, and found anew for another root or when the note is spoilt", async () => {
    const { open, caroot, dir } = mkcertWorld();
    await makeRootByOpenssl(caroot, ["-newkey", "rsa:2048"]);
    const first = (await open()).root;
    const note = join(dir, "mkcert-words.json");
    expect(first.words).toBe(await fourWords(first.fingerprint256));
    await writeFile(
      note,
      JSON.stringify({ version: 1, root: first.fingerprint256, words: "a b c d" }),
    );
    expect((await open()).root.words).toBe("a b c d"); // it is read from the note
    await makeRootByOpenssl(caroot, ["-newkey", "rsa:2048"]);
    const second = (await open()).root;
    expect(second.words).toBe(await fourWords(second.fingerprint256));
    for (const spoilt of ["{", "null", "7", "{}", '{"root":1,"words":"x"}']) {
      await writeFile(note, spoilt);
      expect((await open()).root.words).toBe(second.words);
    }
    await rm(dir, { recursive: true });
    await writeFile(dir, "no folder can be made here");
    expect((await open()).root.words).toBe(second.words);
  });
});

describeWithTools("mkcert's own root", ["mkcert", "openssl"], () => {
  test("signs leaves that OpenSSL accepts, with the warning that nothing limits it", async () => {
    const { open, caroot, ...world } = mkcertWorld();
    const out = tempFolder();
    const env = { PATH: process.env["PATH"], HOME: out, CAROOT: caroot };
    await runProgram(
      "mkcert",
      ["-cert-file", join(out, "x.pem"), "-key-file", join(out, "x-key.pem"), "x.local"],
      { env },
    );
    const authority = await open();
    expect(authority).toMatchObject({ kind: "mkcert", scope: undefined, intermediate: undefined });
    expect(authority.warning).toMatch(/any site in the world/);
    expect(authority.root.path).toBe(join(caroot, "rootCA.pem"));
    await expectOpensslAccepts(authority, { dns: ["openhands.yourdomain.local"] });
    await expectOpensslAccepts(authority, { ips: ["127.0.0.1"] });

    const vault = createLeafVault({
      ...world,
      authority,
      addresses: () => [],
      allowed: () => true,
    });
    const leaf = await vault.leafFor("openhands.local");
    await vault.stop();
    const again = createLeafVault({
      ...world,
      authority,
      addresses: () => [],
      allowed: () => true,
    });
    expect(await again.leafFor("openhands.local")).toEqual(leaf);
  });
});

async function expectOpensslAccepts(
  authority: Authority,
  request: { dns: string[] } | { ips: string[] },
): Promise<void> {
  const { certPem } = await authority.issue(request);
  expect(certPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(1); // the root itself signs
  expect(new X509Certificate(certPem).ca).toBe(false);
  const path = join(tempFolder(), "leaf.pem");
  await writeFile(path, certPem);
  const { stdout } = await runProgram("openssl", [
    "verify",
    "-x509_strict",
    "-purpose",
    "sslserver",
    "-CAfile",
    authority.root.path,
    path,
  ]);
  expect(stdout).toBe(`${path}: OK\n`);
}
