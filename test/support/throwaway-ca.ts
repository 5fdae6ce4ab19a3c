import "reflect-metadata"; // @peculiar/x509 cannot be loaded without it
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { LeafSource, ServedLeaf } from "../../src/engines/needs.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

export interface ThrowawayCa {
  /** The root, for a client's `ca`. */
  readonly caPem: string;
  /** A leaf for anyone who asks, made once per name. */
  readonly leaves: LeafSource;
  /** Makes a leaf outside the source: for these names or addresses, good until `notAfter` (milliseconds). */
  issue(names: readonly string[], notAfter?: number): Promise<ServedLeaf>;
}

/** An authority for one test file. Nothing of it is written to a disk. */
export async function createThrowawayCa(addresses = ["127.0.0.1", "::1"]): Promise<ThrowawayCa> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=Throwaway",
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 30 * DAY),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issue = async (
    names: readonly string[],
    notAfter = Date.now() + DAY,
  ): Promise<ServedLeaf> => {
    const leafKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);
    const cert = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: "",
      issuer: root.subject,
      publicKey: leafKeys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(notAfter),
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({
            type: isAddress(value) ? ("ip" as const) : ("dns" as const),
            value,
          })),
          true,
        ),
        await x509.AuthorityKeyIdentifierExtension.create(root),
      ],
    });
    const key = await webcrypto.subtle.exportKey("pkcs8", leafKeys.privateKey);
    return {
      certPem: cert.toString("pem"),
      keyPem: x509.PemConverter.encode(key, "PRIVATE KEY"),
      notAfter,
      id: cert.serialNumber,
    };
  };
  const known = new Map<string, Promise<ServedLeaf>>();
  const once = (names: readonly string[]): Promise<ServedLeaf> => {
    const name = names.join();
    const leaf = known.get(name) ?? issue(names);
    known.set(name, leaf);
    return leaf;
  };
  return {
    caPem: root.toString("pem"),
    leaves: { leafFor: (name) => once([name]), leafForAddresses: () => once(addresses) },
    issue,
  };
}

function serial(): string {
  return `4${randomBytes(15).toString("hex").slice(1)}`;
}
