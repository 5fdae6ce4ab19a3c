/*
 * What listens on this machine, for a door without apps, and which of it Genkan knows. Only ports where a known app
 * usually is are asked anything.
 */
import { ALL_PRESETS, titleOf } from "../../apps/presets/all.ts";
import { recognise } from "../../apps/recognise/recognise.ts";
import { type ListeningPort, listListening } from "../../platform/listening.ts";
import type { Context } from "../command.ts";

export interface FoundPort extends ListeningPort {
  /** What answers there, where it is an app Genkan knows: `Grafana`. */
  readonly title?: string;
}

/** Takes two seconds at most. @throws as listListening */
export async function foundHere(context: Pick<Context, "host" | "run">): Promise<FoundPort[]> {
  const listening = await listListening(context);
  const usual = new Set(ALL_PRESETS.flatMap(({ ports }) => ports));
  return Promise.all(
    listening.map(async (found) => {
      if (!usual.has(found.port)) return found;
      const { port } = found;
      const upstream = { scheme: "http", host: "localhost", port, insecure: false } as const;
      const seen = await recognise(upstream);
      return seen.is === "known" ? { ...found, title: titleOf(seen.preset) } : found;
    }),
  );
}
