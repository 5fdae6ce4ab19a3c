import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
export const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: Uint8Array.of(1, 0, 1),
  modulusLength: 2048,
};

const CA_USES = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature;

export interface ThrowawayOptions {
  /** Common name; several roots may share one, as a re-made authority's would. */
  readonly name?: string;
  /** False for a certificate that may sign nothing. */
  readonly isCa?: boolean;
  /** An address it may serve itself, as a root that is its own site. */
  readonly alsoFor?: string;
  /** Keys to use again; new ones unless told. */
  readonly keys?: webcrypto.CryptoKeyPair;
  /** When its validity begins, in milliseconds since the epoch; an hour ago unless told. */
  readonly from?: number;
  /** In hex; a random one unless told. */
  readonly serial?: string;
}

/** The DER of a self-signed certificate that vouches for nothing outside a test; valid for an hour. */
export async function throwawayRoot(options: ThrowawayOptions = {}): Promise<Uint8Array> {
  const { alsoFor } = options;
  const {
    name = "Genkan throwaway root",
    isCa = true,
    serial = randomBytes(8).toString("hex"),
  } = options;
  const keys = options.keys ?? (await newKeys());
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      serialNumber: serial,
      notBefore: new Date(options.from ?? Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 3_600_000),
      keys,
      signingAlgorithm: keys.privateKey.algorithm.name === EC.name ? EC : RSA,
      extensions: [
        new x509.BasicConstraintsExtension(isCa, undefined, true),
        ...(isCa ? [new x509.KeyUsagesExtension(CA_USES, true)] : []),
        ...(alsoFor
          ? [new x509.SubjectAlternativeNameExtension([{ type: "ip", value: alsoFor }])]
          : []),
      ],
    },
    webcrypto,
  );
  return new Uint8Array(certificate.rawData);
}

export async function newKeys(
  algorithm: webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams = EC,
) {
  return (await webcrypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
}

/** The private key as PEM, for a server. */
export async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}
