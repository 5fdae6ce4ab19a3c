/*
 * The many lines Docker says while an image comes, merged into one: layers and bytes. Pure but for who is told.
 */
import type { PullProgress } from "./needs.ts";
import { readRecord } from "./read-docker.ts";

const ENDED = /^(?:Pull complete|Already exists)$/;

interface Layer {
  readonly bytes: number;
  readonly total: number;
  readonly isDone: boolean;
}

const UNHEARD_OF: Layer = { bytes: 0, total: 0, isDone: false };

/** Takes Docker's lines; tells after each that is about a layer. */
export function pullProgress(
  tell: (progress: PullProgress) => void,
): (line: Readonly<Record<string, unknown>>) => void {
  const layers = new Map<string, Layer>();
  return (line) => {
    const { id } = line;
    if (typeof id !== "string" || !/^[0-9a-f]{12}$/.test(id)) return; // the tag's own line
    layers.set(id, layerAfter(layers.get(id) ?? UNHEARD_OF, line));
    const all = [...layers.values()];
    tell({
      layers: all.length,
      done: all.filter(({ isDone }) => isDone).length,
      bytes: all.reduce((sum, layer) => sum + layer.bytes, 0),
      total: all.reduce((sum, layer) => sum + layer.total, 0),
    });
  };
}

/** While it is unpacked Docker counts anew: those bytes are not ones that came. */
function layerAfter(before: Layer, line: Readonly<Record<string, unknown>>): Layer {
  const status = String(line["status"]);
  if (status === "Downloading") return { ...before, ...sizesIn(line["progressDetail"]) };
  if (ENDED.test(status)) return { ...before, bytes: before.total, isDone: true };
  return status === "Download complete" ? { ...before, bytes: before.total } : before;
}

function sizesIn(detail: unknown): Partial<Pick<Layer, "bytes" | "total">> {
  const { current, total } = readRecord(detail);
  if (typeof current !== "number") return {};
  return typeof total === "number" ? { bytes: current, total } : { bytes: current };
}

/** `3 of 12 layers, 120 MB of 890 MB` */
export function progressText({ layers, done, bytes, total }: PullProgress): string {
  const mega = (count: number): string => `${Math.round(count / 1e6)} MB`;
  return `${done} of ${layers} layers, ${mega(bytes)} of ${mega(total)}`;
}
