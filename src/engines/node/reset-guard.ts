/*
 * Counts the streams a visitor takes back. Opening and resetting them without a pause costs a visitor
 * nothing and the door and the app all the work (CVE-2023-44487, "rapid reset"). Pure but for the hour.
 */
import type { Limits } from "./limits.ts";

export interface ResetGuard {
  count(): void;
}

/** @param onTooMany called once, when more than `resets` were counted within one `resetWindow`. */
export function createResetGuard(
  { resets, resetWindow }: Pick<Limits, "resets" | "resetWindow">,
  onTooMany: () => void,
): ResetGuard {
  let since = 0;
  let seen = 0;
  return {
    count() {
      const now = performance.now();
      if (now - since > resetWindow) {
        since = now;
        seen = 0;
      }
      seen += 1;
      if (seen === resets + 1) onTooMany();
    },
  };
}
