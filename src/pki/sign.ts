/*
 * Where certificates are made: the only file that loads the X.509 library (0.3 s cold), so it is
 * imported with `await import` and only when something is to be signed. The profile is RFC 5280's;
 * docs/certificates.md says in words what each certificate holds and which clients were tried.
 */
import "reflect-metadata"; // the X.509 library's containers need it, before anything of theirs
import { randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Scope } from "../model/scope.ts";
import { nameConstraints } from "./name-constraints.ts";
import { pemOf } from "./pem.ts";
import type { LeafRequest } from "./rules.ts";

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const WITH_SHA256 = { ...P256, hash: "SHA-256" } as const;
const SIGNS_CERTIFICATES = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;

/** How a signature is made: the algorithm of the issuer's key, with SHA-256. */
export type SigningAlgorithm =
  | typeof WITH_SHA256
  | { readonly name: string; readonly hash: string; readonly namedCurve?: string };

/** From when and until when, milliseconds since the epoch. */
export interface Span {
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Signer {
  readonly certificatePem: string;
  readonly key: CryptoKey;
  readonly algorithm: SigningAlgorithm;
}

/** A new P-256 key. One that is not `extractable` cannot leave this process's memory through any call. */
export async function newKeys(extractable: boolean): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, extractable, ["sign", "verify"]);
}

/** A private key as PKCS#8 DER. */
export async function exportKey(key: CryptoKey): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
}

/** The same as PEM. */
export async function exportKeyPem(key: CryptoKey): Promise<string> {
  return pemOf("PRIVATE KEY", await exportKey(key));
}

/** A private key of P-256 for signing, not extractable again. */
export async function importKey(pkcs8: Buffer, algorithm: SigningAlgorithm): Promise<CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
}

/** A root that signs itself: one intermediate below it at most. Gives its PEM. */
export async function makeRoot(
  keys: CryptoKeyPair,
  is: Span & { readonly commonName: string; readonly scope: Scope },
): Promise<Signer> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: nameOf(is.commonName),
    keys,
    signingAlgorithm: WITH_SHA256,
    ...datesOf(is),
    extensions: await authorityExtensions(keys.publicKey, is.scope, 1),
  });
  return {
    certificatePem: pemOfCertificate(certificate),
    key: keys.privateKey,
    algorithm: WITH_SHA256,
  };
}

/**
 * What signs leaves, and nothing but leaves. The purpose serverAuth on it binds the whole chain
 * below: no mail, no programs, no clients, whatever names a leaf has.
 */
export async function makeIntermediate(
  root: Signer,
  keys: CryptoKeyPair,
  is: Span & { readonly commonName: string; readonly scope: Scope },
): Promise<Signer> {
  const issuer = new X509Certificate(root.certificatePem);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: nameOf(is.commonName),
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: root.key,
    signingAlgorithm: root.algorithm,
    ...datesOf(is),
    extensions: [
      ...(await authorityExtensions(keys.publicKey, is.scope, 0)),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return {
    certificatePem: pemOfCertificate(certificate),
    key: keys.privateKey,
    algorithm: WITH_SHA256,
  };
}

/**
 * A leaf for names that rules.ts has allowed. Its subject is empty and its SAN therefore critical
 * (RFC 5280 section 4.2.1.6): OpenSSL and GnuTLS hold a common name against the constraints on host
 * names, where an address or a person's words would fail.
 */
export async function makeLeaf(
  signer: Signer,
  publicKey: CryptoKey,
  is: Span & { readonly names: LeafRequest },
): Promise<string> {
  const issuer = new X509Certificate(signer.certificatePem);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: "",
    // The parsed name, not its text: the issuer's bytes must equal the signer's subject (RFC 5280 section 7.1).
    issuer: issuer.subjectName,
    publicKey,
    signingKey: signer.key,
    signingAlgorithm: signer.algorithm,
    ...datesOf(is),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(alternativeNames(is.names), true),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return pemOfCertificate(certificate);
}

async function authorityExtensions(
  publicKey: CryptoKey,
  scope: Scope,
  pathLength: number,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(SIGNS_CERTIFICATES, true),
    nameConstraints(scope),
    await SubjectKeyIdentifierExtension.create(publicKey),
  ];
}

function alternativeNames(names: LeafRequest): { type: "dns" | "ip"; value: string }[] {
  if ("dns" in names) return names.dns.map((value) => ({ type: "dns", value }));
  return names.ips.map((value) => ({ type: "ip", value }));
}

/** 16 bytes, always positive and never shortened: bit 127 clear, bit 126 set, 126 random bits. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8() & 0x3f) | 0x40);
  return bytes.toString("hex");
}

function nameOf(commonName: string): { [type: string]: string[] }[] {
  return [{ O: ["Genkan"] }, { CN: [commonName] }];
}

function datesOf(span: Span): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(span.notBefore), notAfter: new Date(span.notAfter) };
}

function pemOfCertificate(certificate: X509Certificate): string {
  return pemOf("CERTIFICATE", new Uint8Array(certificate.rawData));
}
