/*
 * What keeps strangers from using our responder: who is near enough, how much is heard, how often the
 * same is said.
 */
import { BlockList, isIP } from "node:net";
import type { Clock } from "../../kernel/clock.ts";
import { canonicalAddress } from "../../model/hostname.ts";
import type { Link } from "../links.ts";
import type { Reply } from "./packet.ts";

/** Messages heard in a second, at most: a device gone mad, or worse, gets no more of our time. */
const MOST_HEARD = 500;
/** RFC 6762 section 6: milliseconds between two multicasts of one record. */
const REPEAT = 1_000;
/** Combinations of questions are the asker's choice, so only so many are remembered. */
const MOST_REMEMBERED = 1_000;

/**
 * Linux hands every socket what arrives on any interface, so each message is taken by the link its sender
 * is on, and nobody from farther away is answered (RFC 6762 section 11).
 */
export function onLink({ networks, interfaceName, zone }: Link): (from: string) => boolean {
  const near = new BlockList();
  for (const network of networks) {
    const [address = "", length] = network.split("/");
    near.addSubnet(address, Number(length), isIP(address) === 4 ? "ipv4" : "ipv6");
  }
  return (from) => {
    const [address = "", scope] = from.split("%");
    if (scope !== undefined) return scope === interfaceName || scope === String(zone);
    return near.check(canonicalAddress(address), isIP(address) === 4 ? "ipv4" : "ipv6");
  };
}

/** Whether there is time for another message in this second. */
export function budget({ now }: Clock): () => boolean {
  let second = 0;
  let heard = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    if (current !== second) [second, heard] = [current, 0];
    heard += 1;
    return heard <= MOST_HEARD;
  };
}

/** Whether an answer may go out to everybody again: what was said within the last second was heard. */
export function repeats({ now }: Clock): (reply: Reply) => boolean {
  const last = new Map<string, number>();
  return ({ answers, denied }) => {
    const key = [...answers.map(({ name, type }) => `${name} ${type}`), ...denied].join(",");
    const before = last.get(key);
    // The wall clock may have been set back meanwhile.
    const isDue = before === undefined || Math.abs(now() - before) >= REPEAT;
    if (last.size > MOST_REMEMBERED) last.clear();
    if (isDue) last.set(key, now());
    return isDue;
  };
}
