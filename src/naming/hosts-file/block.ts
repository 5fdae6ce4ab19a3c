/*
 * A marked block in the text of a hosts file: put in, brought up to date, taken away; every byte
 * outside it stays. Each home has marks of its own, so that several doors share one file. Pure; texts
 * are read as Latin-1, so that one character is one byte, whatever the file was written in.
 */
import { createHash } from "node:crypto";
import { printable } from "../../kernel/printable.ts";

/** The block of one home. */
export interface Block {
  readonly id: string;
  /** For the person who reads the file. */
  readonly home: string;
  readonly lines: readonly string[];
}

/** What is wrong with the marks of a block, and where: half a sentence. */
export interface Damage {
  readonly line: number;
  readonly why: string;
}

export type Edited =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "damaged"; readonly damage: Damage };

/** The marks of a home, from where its state is. */
export function blockIdOf(state: string): string {
  return createHash("sha256").update(state).digest("hex").slice(0, 8);
}

/** The text with this block in it, at its old place or at the end. */
export function putBlock(text: string, block: Block): Edited {
  const place = findBlock(text, block.id);
  if (place === undefined) return { is: "text", text: append(text, block) };
  if ("why" in place) return { is: "damaged", damage: place };
  const written = textOf(block, place.lineEnd);
  return { is: "text", text: text.slice(0, place.start) + written + text.slice(place.end) };
}

/** The text without this block; what was before putBlock, byte for byte. */
export function takeBlock(text: string, id: string): Edited {
  const place = findBlock(text, id);
  if (place === undefined) return { is: "text", text };
  if ("why" in place) return { is: "damaged", damage: place };
  const before = text.slice(0, place.start);
  // A block without an end of line stands in a file that had none: then the one before the block is ours, too.
  if (place.end === text.length) {
    const { lineEnd } = place;
    const isOurs = before.endsWith(lineEnd);
    return { is: "text", text: isOurs ? before.slice(0, -lineEnd.length) : before };
  }
  return { is: "text", text: before + text.slice(place.end).replace(/^\r?\n/, "") };
}

const BEGIN = "# genkan: begin ";
const END = "# genkan: end ";

/** Without an end of line of its own. */
function textOf({ id, home, lines }: Block, lineEnd: string): string {
  const says = `${BEGIN}${id} (${ascii(home)}) - kept by "genkan hosts --write", taken away by "genkan hosts --remove"`;
  return [says, ...lines, `${END}${id}`].join(lineEnd);
}

function append(text: string, block: Block): string {
  const lineEnd = lineEndOf(text);
  const written = textOf(block, lineEnd);
  const hasLastEnd = text === "" || text.endsWith("\n");
  return hasLastEnd ? text + written + lineEnd : text + lineEnd + written;
}

/** Windows' hosts file comes with CRLF; a file is continued as it begins. */
function lineEndOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

interface Place {
  /** From the begin mark to the end mark, without its end of line. */
  readonly start: number;
  readonly end: number;
  /** How its lines end. */
  readonly lineEnd: string;
}

/** Where the block is; undefined where there is no mark of it; Damage where the marks make no block. */
function findBlock(text: string, id: string): Place | Damage | undefined {
  let start: number | undefined;
  let begunAt = 0;
  let found: Place | undefined;
  for (const { line, offset, content } of linesOf(text)) {
    const mark = markOf(content);
    if (mark === undefined) continue;
    if (mark.id !== id) {
      if (start === undefined) continue;
      return { line, why: "is another door's mark inside it" };
    }
    if (mark.is === "begin") {
      if (start !== undefined || found) return { line, why: "begins it a second time" };
      start = offset;
      begunAt = line;
    } else {
      if (start === undefined) return { line, why: "ends it, and nothing began it" };
      found = { start, end: offset + content.length, lineEnd: lineEndOf(text.slice(start)) };
      start = undefined;
    }
  }
  return start === undefined ? found : { line: begunAt, why: "begins it, and nothing ends it" };
}

function markOf(content: string): { is: "begin" | "end"; id: string } | undefined {
  const parts = /^# genkan: (begin|end) ([0-9a-f]{8})(?: .*)?$/.exec(content);
  if (!parts) return undefined;
  return { is: parts[1] === "begin" ? "begin" : "end", id: String(parts[2]) };
}

/** The lines without their ends; `line` counts from 1. */
function linesOf(text: string): { line: number; offset: number; content: string }[] {
  let offset = 0;
  return text.split("\n").map((raw, index) => {
    const at = offset;
    offset += raw.length + 1;
    return { line: index + 1, offset: at, content: raw.replace(/\r$/, "") };
  });
}

function ascii(text: string): string {
  return printable(text.replaceAll(/[^\u0020-\u007e]/g, "?"));
}
