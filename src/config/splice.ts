/*
 * Lines put into, and taken out of, a YAML map in its text, so that every other byte of the file stays
 * what it was: comments, order, quotes, blank lines, line ends. Pure; edit.ts decides what.
 */
import type { Pair, YAMLMap } from "yaml";
import { columnOf, endOf, startOf } from "./nodes.ts";

/** Replaces what is between two offsets. */
export function splice(text: string, [from, to]: readonly [number, number], put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

/** Puts whole lines at the beginning of a line, or at the end of the text, with the line ends the text has. */
export function putLines(text: string, offset: number, lines: readonly string[]): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const isUnended = offset > 0 && text[offset - 1] !== "\n";
  const put = isUnended ? eol + lines.join(eol) : lines.map((line) => line + eol).join("");
  return splice(text, [offset, offset], put);
}

/** Where the next pair of a block map belongs: behind the last one and the comments inside it. */
export function endOfBlockMap(text: string, map: YAMLMap): number {
  const end = endOf(map.items.at(-1)?.value);
  return afterComments(text, lineAfter(text, end), columnOf(text, startOf(map)) + 1);
}

/**
 * Takes a pair out of a block map, with the comment directly above it: that is about it. Above the
 * first pair it may be about them all, and stays.
 */
export function deleteLines(text: string, map: YAMLMap, pair: Pair): string {
  const column = columnOf(text, startOf(map));
  const to = afterComments(text, lineAfter(text, endOf(pair.value)), column + 1);
  const own = lineOf(text, startOf(pair.key));
  const from = map.items[0] === pair ? own : beforeComments(text, own, column);
  // Of two blank lines, above and below, one is enough.
  const above = lineOf(text, from - 1);
  const isBlankAround = isBlankLine(text, above) && isBlankLine(text, to);
  return splice(text, [isBlankAround ? above : from, to], "");
}

/** Takes a pair out of a flow map (`{ a: 1, b: 2 }`), with one comma. */
export function deleteInFlow(text: string, map: YAMLMap, pair: Pair): string {
  const [from, to] = [startOf(pair.key), endOf(pair.value)];
  const comma = /^\s*,[ \t]*/.exec(text.slice(to));
  if (comma) return splice(text, [from, to + comma[0].length], "");
  const before = map.items[map.items.indexOf(pair) - 1];
  const end = before === undefined ? from : endOf(before.value);
  const isCommaOnly = /^\s*,\s*$/.test(text.slice(end, from));
  return splice(text, [isCommaOnly ? end : from, to], "");
}

/** Where the line behind an offset begins. A block scalar (`|`) ends behind its last line break already. */
export function lineAfter(text: string, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

/** Where the line of an offset begins. */
function lineOf(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Skips the comment lines that follow directly and are indented at least so far. */
function afterComments(text: string, offset: number, indent: number): number {
  const comment = new RegExp(` {${indent},}#`, "y");
  let place = offset;
  for (;;) {
    comment.lastIndex = place;
    if (!comment.test(text)) return place;
    place = lineAfter(text, comment.lastIndex);
  }
}

/** Goes up over the comment lines directly above that are indented exactly so far. */
function beforeComments(text: string, offset: number, indent: number): number {
  const comment = `${" ".repeat(indent)}#`;
  let place = offset;
  while (text.startsWith(comment, lineOf(text, place - 1))) place = lineOf(text, place - 1);
  return place;
}

function isBlankLine(text: string, offset: number): boolean {
  const end = text.indexOf("\n", offset);
  return text.slice(offset, end === -1 ? undefined : end).trim() === "";
}
