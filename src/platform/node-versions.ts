/*
 * Until when each Node receives security fixes: the schedule of the Node.js Release working group
 * (github.com/nodejs/Release, schedule.json). The door's TLS is Node's, so its age matters.
 */

/** Major version -> first day without fixes. */
const END_OF_LIFE: Readonly<Record<number, string>> = {
  20: "2026-04-30",
  21: "2024-06-01",
  22: "2027-04-30",
  23: "2025-06-01",
  24: "2028-04-30",
  25: "2026-06-01",
  26: "2029-04-30",
};
const NEWEST_KNOWN = 26;

export type Support =
  | { readonly is: "supported" | "ended"; readonly until: string }
  | { readonly is: "unknown" };

/** @param version as process.version gives it: `v20.19.0`. @param now milliseconds since the epoch. */
export function supportOf(version: string, now: number): Support {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1] ?? Number.NaN);
  const until = END_OF_LIFE[major];
  if (until !== undefined) return { is: now < Date.parse(until) ? "supported" : "ended", until };
  return major > NEWEST_KNOWN || Number.isNaN(major)
    ? { is: "unknown" }
    : { is: "ended", until: "long ago" };
}

/** The newest long-term version that still has at least a year of fixes by `now`. */
export function recommendedMajors(now: number): string {
  const evenAndAlive = Object.entries(END_OF_LIFE)
    .filter(([major, until]) => Number(major) % 2 === 0 && now < Date.parse(until))
    .map(([major]) => major)
    .reverse();
  return evenAndAlive.slice(0, 2).join(" or ") || "its newest long-term version";
}
