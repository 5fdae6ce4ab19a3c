import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { authorityWorld, worldWithAuthority } from "../../test/support/authority.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { runProgram } from "../platform/run.ts";
import { createAuthority, openAuthority } from "./authority.ts";

const passphrase = "correct horse battery staple ü";
const coded = (code: string) => expect.objectContaining({ code });

describe("a root key that is kept", () => {
  test("is the root's, encrypted, readable by its owner alone", async () => {
    const file = join(tempFolder(), "root.key");
    const { root } = await createAuthority({
      ...authorityWorld(),
      keepRootKey: { file, passphrase },
    });
    const pem = await readFile(file, "utf8");
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const key = createPrivateKey({ key: pem, passphrase });
    expect(new X509Certificate(root.pem).checkPrivateKey(key)).toBe(true);
    expect(() => createPrivateKey({ key: pem, passphrase: "wrong passphrase" })).toThrow(
      /bad decrypt/i,
    );
  });

  test("never overwrites a file, and then no authority is made", async () => {
    const world = authorityWorld();
    const file = join(tempFolder(), "root.key");
    await writeFile(file, "somebody's");
    await expect(createAuthority({ ...world, keepRootKey: { file, passphrase } })).rejects.toEqual(
      coded("PKI_ROOT_KEY_FILE_EXISTS"),
    );
    expect(await readFile(file, "utf8")).toBe("somebody's");
    expect(await openAuthority(world)).toBeUndefined();
    expect(await readdir(world.dir).catch(() => [])).toEqual([]);
  });

  test("that cannot be written means no authority", async () => {
    const world = authorityWorld();
    const file = join(tempFolder(), "no-such-folder", "root.key");
    await expect(createAuthority({ ...world, keepRootKey: { file, passphrase } })).rejects.toEqual(
      coded("PKI_ROOT_KEY_NOT_KEPT"),
    );
    expect(await openAuthority(world)).toBeUndefined();
  });

  test("that does not open again means no authority, and no file", async () => {
    const world = authorityWorld();
    const file = join(tempFolder(), "root.key");
    const keepRootKey = { file, passphrase: "x".repeat(2000) }; // OpenSSL reads 1024 bytes of a passphrase
    await expect(createAuthority({ ...world, keepRootKey })).rejects.toEqual(
      coded("PKI_ROOT_KEY_NOT_KEPT"),
    );
    await expect(stat(file)).rejects.toEqual(coded("ENOENT"));
    expect(await openAuthority(world)).toBeUndefined();
  });

  test("needs a passphrase worth the name", async () => {
    const file = join(tempFolder(), "root.key");
    const keepRootKey = { file, passphrase: "elevenchars" };
    await expect(createAuthority({ ...authorityWorld(), keepRootKey })).rejects.toEqual(
      coded("PKI_PASSPHRASE_TOO_SHORT"),
    );
  });

  test("cannot be had of an authority that is there already", async () => {
    const { authority: _, ...world } = await worldWithAuthority();
    const file = join(tempFolder(), "root.key");
    await expect(createAuthority({ ...world, keepRootKey: { file, passphrase } })).rejects.toEqual(
      coded("PKI_ROOT_KEY_GONE"),
    );
    await expect(stat(file)).rejects.toEqual(coded("ENOENT"));
  });

  test("is taken away again when another process was quicker, or the disk failed", async () => {
    const world = authorityWorld();
    const files = ["one.key", "two.key"].map((name) => join(tempFolder(), name));
    const ends = await Promise.allSettled(
      files.map((file) => createAuthority({ ...world, keepRootKey: { file, passphrase } })),
    );
    const winners = ends.filter(({ status }) => status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(files.filter((file) => existsSync(file))).toHaveLength(1);

    const broken = authorityWorld();
    await writeFile(broken.dir, "a file where the folder should be");
    const file = join(tempFolder(), "root.key");
    const keepRootKey = { file, passphrase };
    await expect(createAuthority({ ...broken, replace: true, keepRootKey })).rejects.toEqual(
      coded("FILE_NOT_WRITABLE"),
    );
    await expect(stat(file)).rejects.toEqual(coded("ENOENT"));
  });
});

describeWithTools("OpenSSL", ["openssl"], () => {
  test("opens the kept key with the passphrase, and not without", async () => {
    const file = join(tempFolder(), "root.key");
    const { root } = await createAuthority({
      ...authorityWorld(),
      keepRootKey: { file, passphrase },
    });
    const pass = join(tempFolder(), "passphrase");
    await writeFile(pass, `${passphrase}\n`);
    const { stdout } = await runProgram("openssl", [
      "pkcs8",
      "-in",
      file,
      "-passin",
      `file:${pass}`,
    ]);
    expect(new X509Certificate(root.pem).checkPrivateKey(createPrivateKey(stdout))).toBe(true);
    const wrong = runProgram("openssl", ["pkcs8", "-in", file, "-passin", "pass:wrong"]);
    await expect(wrong).rejects.toEqual(coded("PROGRAM_FAILED"));
    const { stdout: form } = await runProgram("openssl", ["asn1parse", "-in", file]);
    expect(form).toMatch(/PBES2[^]*scrypt[^]*aes-256-cbc/);
  });
});
