/*
 * Certificates inside PEM text, compared byte by byte: a name never decides what is trusted.
 */
import type { Root } from "./needs.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** The DER of every certificate in the text, in order. */
export function certificatesIn(text: string): Uint8Array[] {
  return [...text.matchAll(BLOCK)].map(([, base64 = ""]) => Buffer.from(base64, "base64"));
}

/** Whether the text holds exactly this certificate, among others or alone. */
export function holds(text: string, root: Root): boolean {
  return certificatesIn(text).some((der) => Buffer.compare(der, root.der) === 0);
}

/** Whether the text is this certificate and no other. */
export function isOnly(text: string, root: Root): boolean {
  return certificatesIn(text).length === 1 && holds(text, root);
}
