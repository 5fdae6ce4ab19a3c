/*
 * Which names multicast DNS can carry, and what a name is called where another machine has it already.
 * Pure.
 */

/**
 * Names that devices resolve by multicast DNS: one label under `.local`. RFC 6762 section 3 allows more
 * labels, but Debian's default resolver and Windows ask nobody for them.
 */
export function isCarried(name: string): boolean {
  return /^[^.]+\.local$/.test(name);
}

/** Names that need another way: neither multicast DNS nor the browser itself (RFC 6761 section 6.3) finds them. */
export function needsAnotherWay(name: string): boolean {
  return !isCarried(name) && name !== "localhost" && !name.endsWith(".localhost");
}

/** RFC 1035 section 2.3.4. */
const LONGEST_LABEL = 63;

/**
 * The name that stands in for one that another machine has: `hello-box.local`, then `hello-box-2.local`.
 * @param box the machine's short name. @param attempt from 1.
 */
export function nameInstead(name: string, box: string, attempt: number): string {
  const end = attempt === 1 ? `-${labelOf(box)}` : `-${labelOf(box)}-${attempt}`;
  const first = name.replace(/\.local$/, "").slice(0, LONGEST_LABEL - end.length);
  return `${first.replace(/-+$/, "")}${end}.local`;
}

/** Leaves room for the app's own name before it. */
const LONGEST_BOX = 30;

/** A machine's name as part of a label: letters, digits and inner hyphens. */
function labelOf(box: string): string {
  const plain = box.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.slice(0, LONGEST_BOX).replace(/^-+|-+$/g, "") || "box";
}
