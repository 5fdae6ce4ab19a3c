/*
 * Secrets and how they are kept: 256 random bits to the one who was let in, their SHA-256 on our disk.
 * A hash without salt or cost is enough for what nobody can guess.
 */
import { hash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** 256 random bits as 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** 64 random bits: a name for a row, no secret. */
export function newId(): string {
  return randomBytes(8).toString("hex");
}

/** SHA-256 in base64url; what is looked up by it tells nothing of the secret by how long it takes. */
export function hashOf(secret: string): string {
  return hash("sha256", secret, "base64url"); // at once: a third of the time of createHash
}

/** Six digits, each as likely: what a person reads from one screen and types into another. */
export function newDigits(): string {
  return String(randomInt(1_000_000)).padStart(6, "0");
}

/** Compares in the same time wherever they differ. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(hash("sha256", a, "buffer"), hash("sha256", b, "buffer"));
}
