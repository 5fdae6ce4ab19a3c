/*
 * What YAML may do and a configuration may not. Aliases, merge keys and tags are refused: a file of a
 * dozen lines needs none, and aliases let a small text unfold into an endless one. Pure.
 */
import { type Document, isScalar, Lexer, Parser, visit, type YAMLMap } from "yaml";
import { quoted } from "../model/quoted.ts";
import { startOf } from "./nodes.ts";

export interface Refusal {
  readonly offset: number;
  readonly says: string;
}

/** Our own form has 4 levels. The YAML reader recurses, and a text deep enough ends the process. */
const DEEPEST = 32;

/** The reader's findings that people meet most, in words for them. */
const WORDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "A tab stands where the line begins; YAML takes spaces only. Write spaces.",
  MULTIPLE_DOCS: "A second document begins here (---); a configuration is one. Remove the line.",
  BAD_INDENT: "This line begins at the wrong place: lines of one block begin at the same column.",
  BLOCK_AS_IMPLICIT_KEY:
    "There is a second colon on this line: put the value in quotes, or in the next line.",
  MISSING_CHAR:
    "Something that was opened is not closed: a quote, a bracket, or a colon is missing.",
  TAG_RESOLVE_FAILED: "Tags (!name) are not read. Write the value alone.",
};

const FORBIDDEN_KEYS: ReadonlyMap<string, string> = new Map([
  ["<<", "Merge keys (<<) are not read. Write the keys out."],
  // JavaScript gives this word a meaning of its own, and the schema would pass it over in silence.
  ["__proto__", 'The key "__proto__" is no name for anything. Remove it.'],
]);

/** Where the text nests deeper than any configuration does, or undefined. */
export function offsetTooDeep(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) void token; // only the depth is of interest here
    if (parser.stack.length > DEEPEST) return parser.offset;
  }
  return undefined;
}

/** Everything that keeps a document from being read as plain YAML. */
export function refusals(tree: Document.Parsed, tooDeep: number | undefined): Refusal[] {
  if (tooDeep !== undefined) {
    return [
      { offset: tooDeep, says: "Blocks stand in blocks here, deeper than anything Genkan reads." },
    ];
  }
  const broken = [...tree.errors, ...tree.warnings].map(({ pos, code, message }) => ({
    offset: pos[0],
    says: WORDS[code] ?? `${message}.`,
  }));
  const unwanted: Refusal[] = [];
  visit(tree, {
    Alias: (_, alias) => {
      const says = `Aliases (*${alias.source}) are not read. Write the value out.`;
      unwanted.push({ offset: startOf(alias), says });
    },
    Map: (_, map) => {
      unwanted.push(...keyRefusals(map));
    },
  });
  return [...broken, ...unwanted];
}

function keyRefusals(map: YAMLMap): Refusal[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return []; // the reader has refused it already
    const name = String(key.value);
    const says = seen.has(name)
      ? `The key ${quoted(name)} is there twice; one of the two would be lost. Remove one.`
      : FORBIDDEN_KEYS.get(name);
    seen.add(name);
    return says === undefined ? [] : [{ offset: startOf(key), says }];
  });
}
