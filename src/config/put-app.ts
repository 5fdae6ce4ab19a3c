/*
 * Where a new app goes in the text of genkan.yaml, whatever form the file has: none yet, without apps,
 * apps as lines, apps in braces. Pure; edit.ts calls it and looks at the result.
 */
import { isMap, type YAMLMap } from "yaml";
import { columnOf, endOf, pairOf, startOf } from "./nodes.ts";
import { endOfBlockMap, lineAfter, putLines, splice } from "./splice.ts";

/** A new app in the two forms that YAML has for it. */
export interface NewApp {
  /** As lines without indentation of their own; the app's block is indented by `step`. */
  readonly lines: (step: string) => readonly string[];
  /** For between braces. */
  readonly flow: string;
}

/** The file's first form, before its first app. */
export const FIRST_FORM = `# What the door opens, and how. A running door follows every change of this file at once.
# docs/config.md explains all keys; genkan add and genkan remove edit this file too.
version: 1

`;
const STEP = "  ";

/** @param root the document's contents */
export function putApp(text: string, root: unknown, app: NewApp): string {
  if (!isMap(root)) return putLines(text, text.length, blockOf(app, ""));
  const apps = pairOf(root, "apps");
  if (apps === undefined) {
    if (root.flow) return putInFlow(text, root, `apps: { ${app.flow} }`);
    return putLines(text, text.length, blockOf(app, indentOf(text, root)));
  }
  if (isMap(apps.value) && !isBareBraces(text, root, apps.value)) {
    return apps.value.flow
      ? putInFlow(text, apps.value, app.flow)
      : putBehind(text, apps.value, app.lines(stepOf(text, root, apps.value)));
  }
  // `apps:` with nothing behind it, or with {}: the lines go below it.
  const [from, to] = [startOf(apps.value), endOf(apps.value)];
  const bare = from === to ? text : splice(text, [from - 1, to], "");
  return putLines(bare, lineAfter(bare, from - 1), blockOf(app, indentOf(text, root)).slice(1));
}

function putBehind(text: string, map: YAMLMap, lines: readonly string[]): string {
  const indent = indentOf(text, map);
  return putLines(
    text,
    endOfBlockMap(text, map),
    lines.map((line) => indent + line),
  );
}

function putInFlow(text: string, map: YAMLMap, flow: string): string {
  const last = map.items.at(-1);
  if (last) return splice(text, [endOf(last.value), endOf(last.value)], `, ${flow}`);
  const inside = startOf(map) + 1;
  return splice(text, [inside, inside], ` ${flow} `);
}

/** `apps:` with the new app in it. */
function blockOf(app: NewApp, indent: string): string[] {
  return ["apps:", ...app.lines(STEP).map((line) => STEP + line)].map((line) => indent + line);
}

/** `{}`, which in a file of lines only says that there is nothing yet. */
function isBareBraces(text: string, root: YAMLMap, map: YAMLMap): boolean {
  return !root.flow && /^\{\s*\}$/.test(text.slice(startOf(map), endOf(map)));
}

function indentOf(text: string, map: YAMLMap): string {
  return " ".repeat(columnOf(text, startOf(map)));
}

/** How much deeper the person indents what is inside. */
function stepOf(text: string, outer: YAMLMap, inner: YAMLMap): string {
  return indentOf(text, inner).slice(indentOf(text, outer).length);
}
