/*
 * A fingerprint as a person types it, and its comparison. Pure.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { trustErrors } from "./errors.ts";

/** Bytes of SHA-256. */
const LENGTH = 32;

/**
 * The 32 bytes of a SHA-256 fingerprint, written with a colon between all bytes or none, in any case.
 * A shorter one is refused: whoever can choose a certificate can find one that matches a few bytes.
 * @throws TRUST_FINGERPRINT_INVALID
 */
export function parseFingerprint(text: string): Uint8Array {
  const refuse = (why: string): never => {
    throw trustErrors.TRUST_FINGERPRINT_INVALID({ why });
  };
  const given = text.trim();
  if (!/^(?:[0-9a-f]{2}(?::[0-9a-f]{2})*|[0-9a-f]*)$/i.test(given)) {
    return refuse(
      "only hex digits are allowed, with a colon after every second one or none at all",
    );
  }
  const bytes = Buffer.from(given.replaceAll(":", ""), "hex");
  const digits = given.replaceAll(":", "").length;
  if (digits === 40) return refuse("40 hex digits are SHA-1's length, and SHA-1 proves nothing");
  if (digits !== 2 * LENGTH) return refuse(`it has ${digits} hex digits instead of ${2 * LENGTH}`);
  return bytes;
}

/** SHA-256 of a certificate's DER. */
export function fingerprintOf(der: Uint8Array): Uint8Array {
  return createHash("sha256").update(der).digest();
}

/** Compares in constant time. */
export function isSameFingerprint(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === LENGTH && b.length === LENGTH && timingSafeEqual(a, b);
}

/** `AA:BB:...` */
export function formatFingerprint(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
}
