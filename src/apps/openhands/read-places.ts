/*
 * What an answer of OpenHands says of its sandboxes' ports, and the answer anew with other origins in their place.
 * Called by the daemon for answers to the paths of rules.ts. Pure. What must stay true: an answer is somebody else's
 * text, and anything in it may be a lie: who opens ports decides what to believe.
 */
import { matchesPattern } from "../../model/path-pattern.ts";
import type { PresetName } from "../../model/preset.ts";
import { DIALECTS, type Mention } from "./dialects.ts";
import type { NamedPlace } from "./place.ts";
import { isInRange } from "./ranges.ts";
import { rulesOf, type Rule } from "./rules.ts";
import { findTexts } from "./shaped-json.ts";
import { readUrl, tokenOf } from "./url.ts";

/**
 * Every port an answer names, in its order.
 * @param path without the query.
 * @param content UTF-8; empty for one that is no JSON, or names none.
 */
export function readPlaces(
  preset: PresetName | undefined,
  path: string,
  content: Buffer,
): readonly NamedPlace[] {
  if (!mayHoldUrl(content)) return [];
  return rulesOf(preset)
    .filter(({ named }) => matchesPattern(named, path))
    .flatMap((rule) => placesBy(rule, path, content));
}

/** Most answers that are asked for again and again name nothing, and are not worth the walk. */
function mayHoldUrl(content: Buffer): boolean {
  return content.includes("://") || content.includes(":\\/\\/");
}

function placesBy(rule: Rule, path: string, content: Uint8Array): NamedPlace[] {
  const { shape, mentions } = DIALECTS[rule.dialect];
  const found = findTexts(content, shape);
  if (!found) return [];
  const places = mentions(found).map((mention) => mention && placeOf(mention, rule, path));
  return places.filter((place) => place !== undefined);
}

function placeOf(mention: Mention, { generation }: Rule, path: string): NamedPlace | undefined {
  const { kind, url: at, sandbox, key } = mention;
  const url = readUrl(at.text);
  if (!url) return undefined;
  const is1 = generation === "1";
  return {
    generation,
    kind,
    host: url.host,
    port: url.port,
    isInRange: isInRange(url.port, generation, kind),
    sandbox: sandbox ?? (is1 ? undefined : conversationOf(path)),
    // What the agent serves is asked without a key; 0.36's editor has one that nothing else takes.
    key: is1 && kind !== "app" ? (key ?? tokenOf(url)) : undefined,
    at,
  };
}

/** 0.36 has a sandbox for each conversation. */
function conversationOf(path: string): string | undefined {
  return /^\/api\/conversations\/([^/]+)/.exec(path)?.[1];
}

/** One text of an answer that is to become another. */
export interface Change {
  readonly place: NamedPlace;
  /** `https://openhands.local:41234`. */
  readonly origin: string;
}

/** The content with these origins; every byte outside of the URLs is as it was. */
export function rewritten(content: Buffer, changes: readonly Change[]): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { place, origin } of changes.toSorted((a, b) => a.place.at.start - b.place.at.start)) {
    const { text, start, end } = place.at;
    const rest = readUrl(text)?.rest ?? "";
    parts.push(content.subarray(done, start), Buffer.from(JSON.stringify(`${origin}${rest}`)));
    done = end;
  }
  return Buffer.concat([...parts, content.subarray(done)]);
}
