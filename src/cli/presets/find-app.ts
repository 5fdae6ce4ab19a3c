/*
 * `genkan up openhands`: a preset's name alone. Its usual ports on this machine are asked, and the first that is it is
 * taken.
 */
import { presetOf, titleOf } from "../../apps/presets/all.ts";
import { recognise } from "../../apps/recognise/recognise.ts";
import { isOpenHands, type PresetName } from "../../model/preset.ts";
import type { Upstream } from "../../model/target.ts";
import { cliErrors } from "../errors.ts";

/** @throws PRESET_NOT_FOUND */
export async function findApp(wanted: PresetName): Promise<Upstream> {
  const facts = presetOf(wanted);
  const ports = facts?.ports ?? [];
  const seen = await Promise.all(
    ports.map(async (port) => {
      const upstream = { scheme: "http", host: "localhost", port, insecure: false } as const;
      return { upstream, seen: await recognise(upstream, facts ? [facts] : []) };
    }),
  );
  const found = seen.find(
    (each) =>
      each.seen.is === "known" &&
      (each.seen.preset === wanted || (isOpenHands(wanted) && !wanted.includes("@"))),
  );
  if (found) return found.upstream;
  throw cliErrors.PRESET_NOT_FOUND({
    title: titleOf(wanted),
    name: nameOf(wanted),
    ports: ports.join(" or "),
    start: isOpenHands(wanted) ? "genkan openhands start" : undefined,
  });
}

/** The app's name: without the generation. */
export function nameOf(preset: PresetName): string {
  return preset.replace(/@.*$/, "");
}
