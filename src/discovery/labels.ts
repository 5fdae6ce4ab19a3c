/*
 * Our own labels on a container -> what it wishes. Pure. An unknown `genkan.` label is refused: a misspelt
 * `genkan.acess=owner` must not leave an app to more people than was meant.
 */
import { DEFAULT_ACCESS, parseAccess } from "../model/access.ts";
import { parseAppName, parseHostname } from "../model/hostname.ts";
import { parseOpenPath } from "../model/open-paths.ts";
import { isPreset, PRESETS } from "../model/preset.ts";
import { parsePort, type Wish, WishError, wordsOf } from "./wish.ts";

const KNOWN = new Set(
  "enable name host hosts port scheme access open_paths preset"
    .split(" ")
    .map((word) => `genkan.${word}`),
);

/**
 * @returns undefined where no label is ours, or `genkan.enable=false`.
 * @throws WishError, and what the model's parsers throw
 */
export function wishOfLabels(labels: Readonly<Record<string, string>>): Wish | undefined {
  const own = Object.keys(labels).filter((key) => key.startsWith("genkan."));
  if (own.length === 0 || labels["genkan.enable"] === "false") return undefined;
  const unknown = own.find((key) => !KNOWN.has(key));
  if (unknown !== undefined)
    throw new WishError(`there is no label ${JSON.stringify(unknown.slice(0, 60))}.`);
  const name = labels["genkan.name"];
  if (name === undefined) throw new WishError("genkan.name is missing.");
  const port = labels["genkan.port"];
  return {
    name: parseAppName(name),
    hosts: wordsOf(`${labels["genkan.host"] ?? ""} ${labels["genkan.hosts"] ?? ""}`).map(
      parseHostname,
    ),
    port: port === undefined ? undefined : parsePort(port),
    scheme: schemeOf(labels["genkan.scheme"]),
    access:
      labels["genkan.access"] === undefined ? DEFAULT_ACCESS : parseAccess(labels["genkan.access"]),
    openPaths: wordsOf(labels["genkan.open_paths"] ?? "").map(parseOpenPath),
    preset: presetOf(labels["genkan.preset"]),
  };
}

function schemeOf(text = "http"): Wish["scheme"] {
  if (text === "http" || text === "https") return text;
  throw new WishError("genkan.scheme is http or https.");
}

function presetOf(text: string | undefined): Wish["preset"] {
  if (text === undefined || isPreset(text)) return text;
  throw new WishError(`genkan.preset is one of ${PRESETS.join(", ")}.`);
}
