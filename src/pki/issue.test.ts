import "reflect-metadata";
import { createPrivateKey, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import { worldWithAuthority } from "../../test/support/authority.ts";
import { leafSpan } from "./issue.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const NAME_CONSTRAINTS = "2.5.29.30";
const ALTERNATIVE_NAMES = "2.5.29.17";
const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
const SERVER_AUTH = [x509.ExtendedKeyUsage.serverAuth];

/** What the profile is about, read out of a certificate. */
function profileOf(pem: string) {
  const certificate = new x509.X509Certificate(pem);
  const basic = certificate.getExtension(x509.BasicConstraintsExtension);
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    key: certificate.publicKey.algorithm,
    signature: certificate.signatureAlgorithm,
    serial: certificate.serialNumber,
    critical: certificate.extensions.filter((one) => one.critical).map(({ type }) => type),
    ca: basic?.ca,
    pathLength: basic?.pathLength,
    usages: certificate.getExtension(x509.KeyUsagesExtension)?.usages,
    purposes: certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages,
    keyId: certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    issuerKeyId: certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId,
    names: certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON(),
    constraints: Buffer.from(
      certificate.getExtension(NAME_CONSTRAINTS)?.value ?? new ArrayBuffer(0),
    ).toString("hex"),
  };
}

async function chain() {
  const world = await worldWithAuthority();
  const { authority } = world;
  const leaf = await authority.issue({ dns: ["hello.local"] });
  return {
    ...world,
    root: profileOf(authority.root.pem),
    intermediate: profileOf(authority.intermediate!.pem),
    leaf: profileOf(leaf.certPem),
    addresses: profileOf((await authority.issue({ ips: ["127.0.0.1", "::1"] })).certPem),
  };
}

describe("the profile", () => {
  test("is ECDSA on P-256 with SHA-256 throughout", async () => {
    const { root, intermediate, leaf } = await chain();
    for (const { key, signature } of [root, intermediate, leaf]) {
      expect(key).toMatchObject({ name: "ECDSA", namedCurve: "P-256" });
      expect(signature).toMatchObject({ name: "ECDSA", hash: { name: "SHA-256" } });
    }
  });

  test("lets the root sign one level of authorities, and the intermediate leaves only", async () => {
    const { root, intermediate, leaf } = await chain();
    expect([root.ca, root.pathLength]).toEqual([true, 1]);
    expect([intermediate.ca, intermediate.pathLength]).toEqual([true, 0]);
    expect([leaf.ca, leaf.pathLength]).toEqual([false, undefined]);
    expect(root.usages).toBe(keyCertSign | cRLSign);
    expect(intermediate.usages).toBe(keyCertSign | cRLSign);
    expect(leaf.usages).toBe(digitalSignature);
  });

  test("marks as critical what a client may not overlook", async () => {
    const { root, intermediate, leaf } = await chain();
    const authority = [BASIC_CONSTRAINTS, KEY_USAGE, NAME_CONSTRAINTS];
    expect(root.critical).toEqual(authority);
    expect(intermediate.critical).toEqual(authority);
    expect(leaf.critical).toEqual([BASIC_CONSTRAINTS, KEY_USAGE, ALTERNATIVE_NAMES]);
  });

  test("constrains root and intermediate alike, host names and addresses both", async () => {
    const { root, intermediate } = await chain();
    expect(root.constraints).toBe(intermediate.constraints);
    const hex = (text: string): string => Buffer.from(text).toString("hex");
    expect(root.constraints).toContain(`8205${hex("local")}`); // [2] dNSName
    expect(root.constraints).toContain(`8209${hex("home.arpa")}`);
    expect(root.constraints).toContain("87080a000000ff000000"); // [7] iPAddress 10.0.0.0/8
    expect(root.constraints).toContain(`8720fc${"00".repeat(15)}fe${"00".repeat(15)}`); // fc00::/7
  });

  test("lets intermediate and leaf be used for servers alone", async () => {
    const { intermediate, leaf } = await chain();
    expect(intermediate.purposes).toEqual(SERVER_AUTH);
    expect(leaf.purposes).toEqual(SERVER_AUTH);
  });

  test("ties the chain together by key identifiers and names", async () => {
    const { root, intermediate, leaf } = await chain();
    expect(intermediate.issuerKeyId).toBe(root.keyId);
    expect(leaf.issuerKeyId).toBe(intermediate.keyId);
    expect(intermediate.issuer).toBe(root.subject);
    expect(leaf.issuer).toBe(intermediate.subject);
  });

  test("puts nothing into a leaf's subject, and host names or addresses into its alternative names", async () => {
    const { leaf, addresses } = await chain();
    expect(leaf.subject).toBe("");
    expect(addresses.subject).toBe("");
    expect(leaf.names).toEqual([{ type: "dns", value: "hello.local" }]);
    expect(addresses.names?.map(({ type }) => type)).toEqual(["ip", "ip"]);
  });

  test("numbers certificates at random with 127 bits, always positive", async () => {
    const { authority, root, intermediate, leaf } = await chain();
    const more = await Promise.all(
      Array.from({ length: 20 }, () => authority.issue({ dns: ["a.local"] })),
    );
    const serials = [
      root,
      intermediate,
      leaf,
      ...more.map(({ certPem }) => profileOf(certPem)),
    ].map(({ serial }) => serial);
    expect(new Set(serials).size).toBe(23);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
  });
});

describe("a leaf", () => {
  test("holds 90 days from now, and an hour before for clocks that are behind", async () => {
    const { authority, clock } = await worldWithAuthority();
    clock.move(10 * DAY);
    const leaf = await authority.issue({ dns: ["hello.local"] });
    const toTheSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
    expect(leaf.notBefore).toBe(toTheSecond(clock.now() - HOUR));
    expect(leaf.notAfter).toBe(toTheSecond(clock.now() + 90 * DAY));
  });

  test("has a key of its own that fits, and an id that is its digest", async () => {
    const { authority } = await worldWithAuthority();
    const one = await authority.issue({ dns: ["hello.local"] });
    const other = await authority.issue({ dns: ["hello.local"] });
    const certificate = new X509Certificate(one.certPem);
    expect(certificate.checkPrivateKey(createPrivateKey(one.keyPem))).toBe(true);
    expect(one.id).toBe(certificate.fingerprint256);
    expect(other.keyPem).not.toBe(one.keyPem);
  });

  test("is refused outside the scope, whoever asks", async () => {
    const { authority } = await worldWithAuthority();
    for (const request of [
      { dns: ["www.example.com"] },
      { dns: ["a.local", "www.example.com"] },
      { ips: ["8.8.8.8"] },
    ]) {
      await expect(authority.issue(request)).rejects.toThrow(/may not vouch for/);
    }
  });
});

describe("the span of a leaf", () => {
  const signer = { notBefore: 1000 * DAY, notAfter: 4000 * DAY };

  test("never begins before its signer nor ends after it", () => {
    expect(leafSpan(signer, 1000 * DAY).notBefore).toBe(signer.notBefore);
    expect(leafSpan(signer, 3999 * DAY).notAfter).toBe(signer.notAfter);
    expect(leafSpan(signer, 2000 * DAY)).toEqual({
      notBefore: 2000 * DAY - HOUR,
      notAfter: 2090 * DAY,
    });
  });

  test("is refused before the signer's time and after it", () => {
    expect(() => leafSpan(signer, 1000 * DAY - 1)).toThrow(
      expect.objectContaining({ code: "PKI_CLOCK_BEHIND" }),
    );
    expect(() => leafSpan(signer, 4000 * DAY)).toThrow(
      expect.objectContaining({ code: "PKI_AUTHORITY_EXPIRED" }),
    );
  });
});
