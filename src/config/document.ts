/*
 * genkan.yaml as a YAML document: what it says, and where each thing stands in the text. Pure; check.ts
 * reads values with it, edit.ts finds the place for a change.
 */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
} from "yaml";
import { offsetTooDeep, refusals } from "./plain-yaml.ts";
import type { Fault, Path, Problem } from "./problem.ts";

export interface ConfigDocument {
  readonly tree: Document.Parsed;
  /** Why it cannot be read as plain YAML; where it is not empty, nothing else here means anything. */
  readonly problems: readonly Problem[];
  /** Plain values: objects, lists, texts, numbers; undefined where the text says nothing at all. */
  value(): unknown;
  /** Puts a fault where it stands in the text. */
  locate(fault: Fault): Problem;
}

/** Reads a text, whatever it is; never throws. */
export function parseConfigDocument(text: string): ConfigDocument {
  const lines = lineCounter(text);
  const deep = offsetTooDeep(text);
  const tree = parseDocument(deep === undefined ? text : "", {
    prettyErrors: false,
    stringKeys: true,
    // The reader would compare every key with every other; plain-yaml.ts looks at each once.
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  const problemAt = (offset: number, says: string, path: Path): Problem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, path, says };
  };
  return {
    tree,
    problems: refusals(tree, deep).map(({ offset, says }) => problemAt(offset, says, [])),
    value: () => tree.toJS({ maxAliasCount: 0 }) ?? undefined,
    locate: ({ path, at, says }) => problemAt(offsetOf(tree.contents, path, at), says, path),
  };
}

/** The pair of a map with this key, if `node` is a map and has it. */
export function pairOf(node: unknown, key: string): Pair | undefined {
  return isMap(node) ? node.items.find((pair) => keyOf(pair) === key) : undefined;
}

/** The key of a pair as text (`stringKeys` makes every key one). */
export function keyOf(pair: Pair): string {
  return String(pair.key);
}

/** Where a node of the document begins; 0 for what stands nowhere. */
export function startOf(node: unknown): number {
  return rangeOf(node)[0];
}

/** Where a node's own text ends, the spaces, comments and empty lines behind it left out. */
export function endOf(node: unknown): number {
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1);
    return endOf(isPair(last) ? (last.value ?? last.key) : last);
  }
  return rangeOf(node)[1];
}

/** How far an offset is from the beginning of its line; a byte order mark does not count. */
export function columnOf(text: string, offset: number): number {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  return offset - line - (text.startsWith("\uFEFF", line) ? 1 : 0);
}

function rangeOf(node: unknown): readonly [number, number] {
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : [0, 0];
}

/** Where a path leads; where it leads nowhere, the last key on the way. */
function offsetOf(root: unknown, path: Path, at: Fault["at"]): number {
  let node = root;
  let key: unknown = root;
  for (const step of path) {
    if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      key = node;
      continue;
    }
    const pair = pairOf(node, String(step));
    if (pair === undefined) return startOf(key);
    key = pair.key;
    node = pair.value;
  }
  return startOf(at === "key" ? key : node);
}

function lineCounter(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) lines.addNewLine(i + 1);
  return lines;
}
