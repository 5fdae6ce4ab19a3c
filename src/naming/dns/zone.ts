/*
 * What the DNS mode knows: which names there are, to which zone each belongs, and where nothing is
 * ours to say. Pure; answer.ts asks it for every question.
 */

export interface Zone {
  /** @param name lower case, without the closing dot. */
  find(name: string): Found;
  /** Where every name of ours leads, at most two of each family: answers stay small. */
  addresses(): readonly string[];
}

export type Found =
  /** Somebody else's: nothing is said about it (no recursion, no guessing). */
  | { readonly is: "outside" }
  /** RFC 2308: in a zone of ours, and not there (NXDOMAIN). */
  | { readonly is: "absent"; readonly apex: string }
  /** There; `holds` is false for a name that only stands between others (RFC 8020: NODATA). */
  | { readonly is: "present"; readonly apex: string; readonly holds: boolean };

export interface ZoneSpec {
  /** `box.home.arpa`. */
  readonly apex: string;
  /** Names of the door. Those outside the apex count as small zones of their own. */
  readonly hosts: readonly string[];
  readonly addresses: () => readonly string[];
}

export function createZone({ apex, hosts, addresses }: ZoneSpec): Zone {
  // localhost never leaves a machine (RFC 6761), and `wiki.local` belongs to mDNS (RFC 6762).
  const names = new Set([apex, ...hosts.filter((host) => !/(?:^|\.)localhost$/.test(host))]);
  for (const host of names) if (/^[^.]+\.local$/.test(host)) names.delete(host);
  const apexes = new Set([...names].filter((name) => name === apex || !isBelow(name, apex)));
  const between = new Set([...names].flatMap((name) => parentsOf(name)));
  return {
    addresses,
    find(name) {
      const own = [name, ...parentsOf(name)].find((parent) => apexes.has(parent));
      if (own === undefined) return { is: "outside" };
      if (names.has(name)) return { is: "present", apex: own, holds: true };
      return between.has(name)
        ? { is: "present", apex: own, holds: false }
        : { is: "absent", apex: own };
    },
  };
}

function isBelow(name: string, apex: string): boolean {
  return name.endsWith(`.${apex}`);
}

/** `a.b.c` -> `b.c`, `c`. */
function parentsOf(name: string): string[] {
  const labels = name.split(".");
  return labels.slice(1).map((_, i) => labels.slice(i + 1).join("."));
}
