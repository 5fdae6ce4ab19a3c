/*
 * What the person's terminal can show, where standard output is one.
 */
import { WriteStream } from "node:tty";
import type { Host } from "../platform/host.ts";

export interface Terminal {
  /** Characters in a line. */
  readonly columns: number;
  readonly hasColours: boolean;
}

/** Undefined for pipes and files. Colours unless NO_COLOR (no-color.org) or a dumb terminal say otherwise. */
export function terminalOf(
  stream: NodeJS.WritableStream,
  { env }: Pick<Host, "env">,
): Terminal | undefined {
  if (!(stream instanceof WriteStream)) return undefined;
  return { columns: stream.columns, hasColours: !env["NO_COLOR"] && env["TERM"] !== "dumb" };
}
