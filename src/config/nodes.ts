/*
 * Nodes of a YAML document and where they stand in its text. Pure; document.ts finds lines with it,
 * edit.ts and its helpers find the place for a change.
 */
import { isCollection, isMap, isPair, type Pair, type YAMLMap } from "yaml";

/** Documents are read, never changed, so an index once made stays true. */
const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** The pair of a map with this key, if `node` is a map and has it. */
export function pairOf(node: unknown, key: string): Pair | undefined {
  return isMap(node) ? indexOf(node).get(key) : undefined;
}

/** Where a node of the document begins; 0 for what stands nowhere. */
export function startOf(node: unknown): number {
  return rangeOf(node)[0];
}

/** Where a node's own text ends, the spaces, comments and empty lines behind it left out. */
export function endOf(node: unknown): number {
  if (!isCollection(node) || node.flow) return rangeOf(node)[1];
  const last = node.items.at(-1);
  return endOf(isPair(last) ? last.value : last);
}

/** How far an offset is from the beginning of its line; a byte order mark does not count. */
export function columnOf(text: string, offset: number): number {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  return offset - line - (text.startsWith("\uFEFF", line) ? 1 : 0);
}

/** A value that is not there (`{ key }`) is no node, and has no place. */
function rangeOf(node: unknown): readonly [number, number] {
  const { range } = Object(node) as { range?: readonly [number, number] };
  return range ?? [0, 0];
}

/** A thousand mistakes in one map would each look through all of it. */
function indexOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = indexes.get(map);
  if (known) return known;
  const index = new Map(map.items.map((pair) => [String(pair.key), pair]));
  indexes.set(map, index);
  return index;
}
