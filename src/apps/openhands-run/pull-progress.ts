/*
 * The many lines Docker says while an image comes, merged into one: layers and bytes. Pure but for who is told.
 */
import type { PullProgress } from "./needs.ts";
import { readRecord } from "./read-docker.ts";

const ENDED = /^(?:Pull complete|Already exists)$/;

/** Takes Docker's lines; tells after each that changed something. */
export function pullProgress(
  tell: (progress: PullProgress) => void,
): (line: Readonly<Record<string, unknown>>) => void {
  const layers = new Map<string, { bytes: number; total: number; isDone: boolean }>();
  return ({ id, status, progressDetail }) => {
    if (typeof id !== "string" || !/^[0-9a-f]{12}$/.test(id)) return; // the tag's own line
    const before = layers.get(id) ?? { bytes: 0, total: 0, isDone: false };
    const { current, total } = readRecord(progressDetail);
    const isMoving = status === "Downloading" && typeof current === "number";
    const isDown = status === "Download complete" || ENDED.test(String(status));
    const size = isMoving && typeof total === "number" ? total : before.total;
    const bytes = isDown ? size : isMoving ? current : before.bytes;
    layers.set(id, { bytes, total: size, isDone: before.isDone || ENDED.test(String(status)) });
    const all = [...layers.values()];
    tell({
      layers: all.length,
      done: all.filter(({ isDone }) => isDone).length,
      bytes: all.reduce((sum, layer) => sum + layer.bytes, 0),
      total: all.reduce((sum, layer) => sum + layer.total, 0),
    });
  };
}

/** `3 of 12 layers, 120 MB of 890 MB` */
export function progressText({ layers, done, bytes, total }: PullProgress): string {
  const mega = (count: number): string => `${Math.round(count / 1e6)} MB`;
  return `${done} of ${layers} layers, ${mega(bytes)} of ${mega(total)}`;
}
