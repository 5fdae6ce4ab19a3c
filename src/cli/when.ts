/*
 * Times in tables. Pure text.
 */

/** @param iso ISO 8601, UTC. @returns `2026-11-25 03:10`, still UTC. */
export function minute(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}
