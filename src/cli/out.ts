/*
 * The only writer to the terminal: stdout is the answer, stderr everything else. A reader that left
 * early (`genkan logs --follow | head`) is no trouble: nothing more is written, and the command is told.
 */
import { WriteStream } from "node:tty";
import { codeOf } from "../kernel/errors.ts";

export interface Out {
  readonly answer: (text: string) => void;
  readonly note: (text: string) => void;
  /**
   * How far something is: one line that the next one, a note or the answer takes the place of.
   * @returns false where standard error is no terminal, and nothing was written
   */
  readonly progress: (text: string) => boolean;
}

/** @param onReaderGone called when nobody reads the answer any more. */
export function createOut(
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
  onReaderGone: () => void,
): Out {
  const [answer, note] = [writer(stdout, onReaderGone), writer(stderr, () => undefined)];
  let isShown = false;
  const cleared = (write: (text: string) => void) => (text: string) => {
    if (isShown) stderr.write(CLEAR_LINE);
    isShown = false;
    write(text);
  };
  const progress = (text: string): boolean => {
    if (!(stderr instanceof WriteStream)) return false;
    stderr.write(`${CLEAR_LINE}${text.slice(0, Math.max(1, stderr.columns - 1))}`);
    isShown = true;
    return true;
  };
  return { answer: cleared(answer), note: cleared(note), progress };
}

/** ECMA-48: to the first column, and EL, erase in line. */
const CLEAR_LINE = "\r\u001b[2K";

function writer(stream: NodeJS.WritableStream, onGone: () => void): (text: string) => void {
  let isGone = false;
  stream.on("error", (error: Error) => {
    if (codeOf(error) !== "EPIPE") throw error;
    isGone = true;
    onGone();
  });
  return (text) => {
    if (!isGone) stream.write(text.endsWith("\n") ? text : `${text}\n`);
  };
}
