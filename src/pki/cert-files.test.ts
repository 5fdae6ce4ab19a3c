import { createPrivateKey, X509Certificate } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { worldWithAuthority } from "../../test/support/authority.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { mkcertStem, writeCertFiles } from "./cert-files.ts";

describe("files named as mkcert names them", () => {
  test.each([
    [{ dns: ["wiki.local"] }, "wiki.local"],
    [{ dns: ["wiki.local", "a.local", "b.local"] }, "wiki.local+2"],
    [{ dns: ["*.box.local"] }, "_wildcard.box.local"],
    [{ ips: ["192.168.1.20"] }, "192.168.1.20"],
    [{ ips: ["::1", "127.0.0.1"] }, "__1+1"],
  ])("%j is %s", (request, stem) => expect(mkcertStem(request)).toBe(stem));
});

describe("writing a certificate for another server", () => {
  test("gives certificate and key that fit, the key for its owner alone", async () => {
    const { authority } = await worldWithAuthority();
    const out = join(tempFolder(), "out");
    const files = await writeCertFiles(authority, ["wiki.local", "wiki.home.arpa"], out);
    expect(files).toMatchObject({
      certPath: join(out, "wiki.local+1.pem"),
      keyPath: join(out, "wiki.local+1-key.pem"),
    });
    const certificate = new X509Certificate(await readFile(files.certPath));
    expect(certificate.subjectAltName).toBe("DNS:wiki.local, DNS:wiki.home.arpa");
    expect(certificate.checkPrivateKey(createPrivateKey(await readFile(files.keyPath)))).toBe(true);
    expect((await stat(files.keyPath)).mode & 0o777).toBe(0o600);
    expect((await stat(files.certPath)).mode & 0o777).toBe(0o644);
    expect(files.notAfter).toBe(Date.parse(certificate.validTo));
  });

  test("replaces what it wrote before", async () => {
    const { authority } = await worldWithAuthority();
    const out = tempFolder();
    await writeCertFiles(authority, ["wiki.local"], out);
    const { certPath, keyPath } = await writeCertFiles(authority, ["wiki.local"], out);
    const certificate = new X509Certificate(await readFile(certPath));
    expect(certificate.checkPrivateKey(createPrivateKey(await readFile(keyPath)))).toBe(true);
    expect(await readdir(out)).toHaveLength(2);
  });

  test.each([
    [["www.example.com"], "NAME_OUT_OF_SCOPE"],
    [["wiki.local", "10.0.0.1"], "PKI_NAMES_MIXED"],
    [["*.local"], "PKI_WILDCARD_TOO_WIDE"],
    [["8.8.8.8"], "PKI_ADDRESS_OUT_OF_SCOPE"],
    [[], "PKI_NO_NAMES"],
    [["../../etc/passwd"], "HOST_INVALID"],
  ])("refuses %j, and writes nothing", async (names, code) => {
    const { authority } = await worldWithAuthority();
    const out = tempFolder();
    await expect(writeCertFiles(authority, names, out)).rejects.toEqual(
      expect.objectContaining({ code }),
    );
    expect(await readdir(out)).toEqual([]);
  });
});
