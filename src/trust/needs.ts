/*
 * What the trust stores need from strangers: the one certificate they are about. pki/ has it for
 * this machine's authority; remote.ts makes one of what another machine's door hands out.
 */
import { X509Certificate } from "node:crypto";

/** A root certificate. */
export interface Root {
  readonly pem: string;
  readonly der: Uint8Array;
  /** SHA-256 of the DER: 32 upper-case hex pairs with colons between them. */
  readonly fingerprint256: string;
  /** Where a person finds it: a file, or the address it was read from. For sentences only. */
  readonly path: string;
  /** The subject's distinguished name, for sentences only: two roots may share it. */
  readonly subject: string;
}

/** Describes a certificate (DER) as a root. @throws what X509Certificate throws on other bytes. */
export function rootOf(der: Uint8Array, path: string): Root {
  const certificate = new X509Certificate(der);
  return {
    // `raw` and not `der`: bytes behind the certificate's end are nobody's business.
    pem: pemOf(certificate.raw),
    der: new Uint8Array(certificate.raw),
    fingerprint256: certificate.fingerprint256,
    path,
    subject: certificate.subject,
  };
}

/** The first 16 hex digits of the fingerprint: part of every file name, nickname and alias we choose. */
export function shortFingerprint(root: Root): string {
  return root.fingerprint256.replaceAll(":", "").slice(0, 16).toLowerCase();
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
