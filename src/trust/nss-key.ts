/*
 * How NSS is asked for one certificate and no other. Nicknames will not do: certificates with one
 * subject share what is found under a nickname (`certutil -L -n` lists all of them, `-D -n` takes
 * any). A PKCS#11 URI (RFC 7512) names the object by its id, which NSS derives from the key.
 */
import { createHash, X509Certificate } from "node:crypto";

/**
 * `pkcs11:id=%AB%CD...;type=cert` for a certificate (DER). NSS's id is the SHA-1 of the public
 * value: point, or modulus. `certutil -D -n URI` deletes what has this id; `-L -n URI` finds it,
 * and lists with it whatever has the same subject, newest first.
 */
export function nssUri(der: Uint8Array): string {
  const id = createHash("sha1").update(publicValue(der)).digest("hex").toUpperCase();
  return `pkcs11:id=${id.replace(/../g, "%$&")};type=cert`;
}

function publicValue(der: Uint8Array): Uint8Array {
  const { x = "", y = "", n } = new X509Certificate(der).publicKey.export({ format: "jwk" });
  if (n !== undefined) return Buffer.from(n, "base64url");
  const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  // SEC 1 section 2.3.3: 04 opens an uncompressed point; Edwards curves have no y and no such mark.
  return y === "" ? point : Buffer.concat([Buffer.of(4), point]);
}

export interface NssEntry {
  /** SHA-256, upper-case hex pairs with colons. */
  readonly fingerprint256: string;
  /** Trusted to vouch for TLS servers (flag C in `certutil -L`). */
  readonly isTrusted: boolean;
}

/** What `certutil -L -n NAME` prints, certificate by certificate. */
export function parseNssListing(listing: string): NssEntry[] {
  return listing.split(/^Certificate:$/m).flatMap((text) => {
    const fingerprint256 = /Fingerprint \(SHA-256\):\s*([0-9A-F:]{95})/.exec(text)?.[1];
    if (!fingerprint256) return [];
    const flags = /SSL Flags:([\s\S]*?)Email Flags:/.exec(text)?.[1] ?? "";
    return [{ fingerprint256, isTrusted: flags.includes("Trusted CA") }];
  });
}
