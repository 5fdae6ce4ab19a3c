/*
 * `genkan up openhands`: a preset's name alone. Its usual ports on this machine are asked, for OpenHands also where
 * Docker publishes it, and the first that is it is taken.
 */
import { presetOf, titleOf } from "../../apps/presets/all.ts";
import { recognise } from "../../apps/recognise/recognise.ts";
import { isOpenHands, type PresetName } from "../../model/preset.ts";
import type { Upstream } from "../../model/target.ts";
import type { Host } from "../../platform/host.ts";
import { cliErrors } from "../errors.ts";
import { publishedPlaces } from "./published-places.ts";

/** @throws PRESET_NOT_FOUND */
export async function findApp(wanted: PresetName, host: Host): Promise<Upstream> {
  const ports = presetOf(wanted)?.ports ?? [];
  const usual = ports.map((port) => {
    return { scheme: "http", host: "localhost", port, insecure: false } as const;
  });
  const found = await firstThatIs(wanted, usual);
  if (found) return found;
  const docker = isOpenHands(wanted) ? await publishedPlaces(host) : undefined;
  const inDocker = docker && (await firstThatIs(wanted, docker.places));
  if (inDocker) return inDocker;
  throw cliErrors.PRESET_NOT_FOUND({
    title: titleOf(wanted),
    name: nameOf(wanted),
    ports: ports.join(" or "),
    docker: docker && (docker.trouble ?? "Docker publishes none either."),
    start: isOpenHands(wanted) ? startOf(wanted) : undefined,
  });
}

async function firstThatIs(
  wanted: PresetName,
  places: readonly Upstream[],
): Promise<Upstream | undefined> {
  const facts = presetOf(wanted);
  const seen = await Promise.all(places.map((place) => recognise(place, facts ? [facts] : [])));
  const isWanted = (preset: PresetName): boolean =>
    preset === wanted || (wanted === "openhands" && isOpenHands(preset));
  return places.find((_, at) => {
    const each = seen[at];
    return each?.is === "known" && isWanted(each.preset);
  });
}

/** Of the generation that was asked for. */
function startOf(wanted: PresetName): string {
  const [, generation] = wanted.split("@");
  const which = generation === undefined ? "" : ` --generation ${generation}`;
  return `genkan openhands start${which}`;
}

/** The app's name: without the generation. */
export function nameOf(preset: PresetName): string {
  return preset.replace(/@.*$/, "");
}
