/*
 * Becoming the owner of names on one link: three probes, then two announcements, and what others may
 * say against it (RFC 6762 sections 8 and 9). Pure: time is counted in steps of a quarter second.
 */
import type { AddressRecord, Claim, Message } from "./packet.ts";

/** Milliseconds of a step: the time between two probes (section 8.1). */
export const STEP = 250;
const PROBES = 3;
/** Section 8.3: at least two, a second apart. */
const ANNOUNCEMENTS = 2;
const SECOND = 1000 / STEP;

interface NameClaim {
  phase: "probing" | "held";
  /** Steps until the next thing happens. */
  wait: number;
  /** Probes or announcements still to be sent. */
  left: number;
}

/** What is to be sent now, by name. */
export interface Due {
  readonly probe: readonly string[];
  readonly announce: readonly string[];
  /** Those of `announce` that have just become ours. */
  readonly won: readonly string[];
}

/** What others say about our names. */
interface Objection {
  readonly name: string;
  readonly owner: string;
}

export interface Claims {
  /** Starts to claim a name, and goes on where it is claimed already. @param isHeld it is ours on this link as it is. */
  add(name: string, isHeld?: boolean): void;
  /** @returns whether it was ours. */
  remove(name: string): boolean;
  isHeld(name: string): boolean;
  names(): readonly string[];
  /** Whether there is anything left to send. */
  isBusy(): boolean;
  /** A quarter of a second has passed. */
  step(): Due;
  /** Hears an answer or a probe of somebody else; gives the names that are lost, which are claimed no more. */
  hear(message: Message, ours: Ours): readonly Objection[];
}

interface Ours {
  /** Any address of this machine: the same name with one of them is no conflict. */
  readonly isOurs: (data: string) => boolean;
  readonly recordsOf: (name: string) => readonly AddressRecord[];
}

export function createClaims(): Claims {
  const claims = new Map<string, NameClaim>();
  return {
    add: (name, isHeld = false) => {
      if (claims.has(name)) return;
      claims.set(name, isHeld ? { phase: "held", wait: 0, left: ANNOUNCEMENTS } : fresh(0));
    },
    remove: (name) => {
      const wasHeld = claims.get(name)?.phase === "held";
      claims.delete(name);
      return wasHeld;
    },
    isHeld: (name) => claims.get(name)?.phase === "held",
    names: () => [...claims.keys()],
    isBusy: () => [...claims.values()].some(({ phase, left }) => phase === "probing" || left > 0),
    step: () => stepAll(claims),
    hear: (message, ours) =>
      message.isResponse ? hearAnswer(claims, message, ours) : hearProbe(claims, message, ours),
  };
}

function fresh(wait: number): NameClaim {
  return { phase: "probing", wait, left: PROBES };
}

function stepAll(claims: Map<string, NameClaim>): Due {
  const probe: string[] = [];
  const announce: string[] = [];
  const won: string[] = [];
  for (const [name, claim] of claims) {
    if (claim.wait > 0) {
      claim.wait -= 1;
    } else if (claim.phase === "probing" && claim.left > 0) {
      claim.left -= 1;
      probe.push(name);
    } else if (claim.phase === "probing") {
      Object.assign(claim, { phase: "held", left: ANNOUNCEMENTS - 1, wait: SECOND - 1 });
      announce.push(name);
      won.push(name);
    } else if (claim.left > 0) {
      Object.assign(claim, { left: claim.left - 1, wait: SECOND - 1 });
      announce.push(name);
    }
  }
  return { probe, announce, won };
}

/**
 * Sections 8.1 and 9: another's record for a name we only probe for ends it; for one that was ours it means
 * asking anew, and the other is believed if it says so again. Nobody is argued with.
 */
function hearAnswer(claims: Map<string, NameClaim>, { answers }: Message, ours: Ours): Objection[] {
  const lost: Objection[] = [];
  const doubted = new Set<string>();
  for (const { name, data } of foreign(answers, ours)) {
    const claim = claims.get(name);
    if (!claim || doubted.has(name)) continue;
    if (claim.phase === "held") {
      claims.set(name, fresh(0));
      doubted.add(name); // one message is one objection, however many records it has
    } else {
      claims.delete(name);
      lost.push({ name, owner: data });
    }
  }
  return lost;
}

/** Section 8.2: of two who probe at once the one whose records sort later wins; the other waits a second and asks again. */
function hearProbe(claims: Map<string, NameClaim>, { wanted }: Message, ours: Ours): Objection[] {
  for (const name of new Set(foreign(wanted, ours).map((claim) => claim.name))) {
    const claim = claims.get(name);
    if (claim?.phase !== "probing") continue;
    const theirs = wanted.filter((record) => record.name === name).map(({ data }) => data);
    const own = ours.recordsOf(name).map(({ address }) => address);
    if (isLater(theirs, own)) claims.set(name, fresh(SECOND));
  }
  return [];
}

function foreign(claims: readonly Claim[], { isOurs }: Ours): readonly Claim[] {
  return claims.filter(({ data, ttl }) => ttl > 0 && !isOurs(data));
}

/** Whether these records sort after those: type first (A is 1, AAAA 28), then the bytes of the address. */
function isLater(these: readonly string[], those: readonly string[]): boolean {
  const [a, b] = [these.map(sortKey).toSorted(), those.map(sortKey).toSorted()];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return (a[i] ?? "") > (b[i] ?? "");
  }
  return false;
}

function sortKey(address: string): string {
  return address.includes(":") ? `28 ${ipv6Bytes(address)}` : `1 ${ipv4Bytes(address)}`;
}

function ipv4Bytes(address: string): string {
  return address.split(".").map(hexByte).join("");
}

function hexByte(digits: string): string {
  return Number(digits).toString(16).padStart(2, "0");
}

/** An address of isIpAddress's spelling, all its groups written out. */
function ipv6Bytes(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(Math.max(gap, 0)).fill("0"), ...after];
  return all.map((group) => group.padStart(4, "0")).join("");
}
