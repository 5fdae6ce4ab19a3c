/*
 * One app more, one app less, in the text of genkan.yaml. Pure: edit-file.ts brings the text and puts
 * it back. Only the app's own lines change.
 */
import { isMap, stringify } from "yaml";
import { didYouMean } from "../kernel/suggest.ts";
import { DEFAULT_ACCESS } from "../model/access.ts";
import { formatOpenPath } from "../model/open-paths.ts";
import type { AppSettings } from "../model/settings.ts";
import { formatTarget, shortTarget } from "../model/target.ts";
import { type ConfigDocument, parseConfigDocument } from "./document.ts";
import { configErrors } from "./errors.ts";
import { pairOf } from "./nodes.ts";
import { FIRST_FORM, type NewApp, putApp } from "./put-app.ts";
import { type AppEntry, toApp } from "./settings.ts";
import { deleteInFlow, deleteLines } from "./splice.ts";

/**
 * The text with the app in it; the same text if this very app is there already.
 * @param text a valid configuration, or an empty text
 * @throws APP_EXISTS for another app of this name, CONFIG_CHANGE_IMPOSSIBLE
 */
export function addApp(text: string, app: AppSettings): string {
  const base = text.trim() === "" ? FIRST_FORM : text;
  const document = parseConfigDocument(base);
  const apps = appsOf(document);
  const there = find(apps, app.name);
  const entry = entryOf(app);
  if (there) {
    const present = toApp(...there);
    if (JSON.stringify(present) === JSON.stringify(toApp(app.name, entry))) return text;
    const [target, wanted] = [formatTarget(present.upstream), shortTarget(app.upstream)];
    throw configErrors.APP_EXISTS({ name: app.name, target, wanted });
  }
  const after = putApp(base, document.tree.contents, newApp(app.name, entry));
  return checked(document, after, { ...apps, [app.name]: entry });
}

/**
 * The text without the app.
 * @param text a valid configuration, or an empty text
 * @throws APP_UNKNOWN, CONFIG_CHANGE_IMPOSSIBLE
 */
export function removeApp(text: string, name: string): string {
  const document = parseConfigDocument(text);
  const apps = appsOf(document);
  const there = find(apps, name);
  const map = pairOf(document.tree.contents, "apps")?.value;
  const pair = there && pairOf(map, there[0]);
  if (!there || !pair || !isMap(map)) {
    const names = Object.keys(apps);
    throw configErrors.APP_UNKNOWN({ name, hint: didYouMean(name, names), names });
  }
  const rest = Object.fromEntries(Object.entries(apps).filter(([key]) => key !== there[0]));
  const after = map.flow ? deleteInFlow(text, map, pair) : deleteLines(text, map, pair);
  return checked(document, after, rest);
}

type Apps = Readonly<Record<string, AppEntry>>;

function appsOf(document: ConfigDocument): Apps {
  const value = document.value() as { apps?: Apps | null } | undefined; // a valid configuration, as the caller promised
  return value?.apps ?? {};
}

/** The app of this name, with the spelling the file has for it. */
function find(apps: Apps, name: string): [string, AppEntry] | undefined {
  const plain = (text: string): string => text.trim().toLowerCase().replace(/\.$/, "");
  return Object.entries(apps).find(([key]) => plain(key) === plain(name));
}

/** The shortest form that says all of the app. */
function entryOf({ upstream, hosts, access, openPaths, origins, ...known }: AppSettings): AppEntry {
  const text = shortTarget(upstream);
  const target = /^\d+$/.test(text) ? Number(text) : text;
  const more = {
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(upstream.insecure ? { insecure: true } : {}),
    ...(access === DEFAULT_ACCESS ? {} : { access }),
    ...(openPaths.length > 0 ? { open_paths: openPaths.map(formatOpenPath) } : {}),
    ...(origins.length > 0 ? { origins } : {}),
    ...(known.preset ? { preset: known.preset } : {}),
    ...(known.sandboxOrigins ? { sandbox_origins: known.sandboxOrigins } : {}),
  };
  return Object.keys(more).length === 0 ? target : { target, ...more };
}

function newApp(name: string, entry: AppEntry): NewApp {
  const key = scalar(name);
  if (typeof entry !== "object") {
    const line = `${key}: ${scalar(entry)}`;
    return { lines: () => [line], flow: line };
  }
  const pairs = Object.entries(entry).map(([inner, value]: [string, unknown]) => {
    const text = Array.isArray(value) ? `[${value.map(scalar).join(", ")}]` : scalar(value);
    return `${inner}: ${text}`;
  });
  return {
    lines: (step) => [`${key}:`, ...pairs.map((pair) => step + pair)],
    flow: `${key}: { ${pairs.join(", ")} }`,
  };
}

/** A value on one line, in quotes where YAML would take the bare text for something else. */
function scalar(value: unknown): string {
  const text = stringify(value, { lineWidth: 0 }).trimEnd();
  // Brackets may stand bare in a line of their own, and not between braces.
  return /^[^"].*[[\]]/.test(text) ? JSON.stringify(text) : text;
}

/** The new text, if it says what it should and nothing else; whatever the old one looked like. */
function checked(before: ConfigDocument, after: string, apps: Apps): string {
  const document = parseConfigDocument(after);
  const wanted = JSON.stringify({ ...Object(before.value()), apps });
  const says = JSON.stringify({ ...Object(document.value()), apps: appsOf(document) });
  if (document.problems.length === 0 && says === wanted) return after;
  throw configErrors.CONFIG_CHANGE_IMPOSSIBLE({});
}
