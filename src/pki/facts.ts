/*
 * A certificate and what people ask about it, read from its DER by Node alone.
 */
import type { X509Certificate } from "node:crypto";

/** Times are milliseconds since the epoch. */
export interface CertificateFacts {
  readonly pem: string;
  readonly der: Uint8Array;
  /** SHA-256 of the DER, as `AA:BB:...`. */
  readonly fingerprint256: string;
  /** One `TYPE=value` a line. */
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The facts of a certificate already parsed. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    pem: `${certificate.toString().trim()}\n`, // Node versions differ in the newlines at the end
    der: certificate.raw,
    fingerprint256: certificate.fingerprint256,
    subject: certificate.subject,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  };
}
