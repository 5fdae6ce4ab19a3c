/*
 * genkan.yaml as a YAML document: what it says, and where each thing stands in the text. Pure; check.ts
 * reads values with it, edit.ts finds the place for a change.
 */
import { type Document, isSeq, LineCounter, parseDocument } from "yaml";
import { pairOf, startOf } from "./nodes.ts";
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
    node = pair.value ?? pair.key;
  }
  return startOf(at === "key" ? key : node);
}

function lineCounter(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) lines.addNewLine(i + 1);
  return lines;
}
