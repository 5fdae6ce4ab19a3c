/*
 * The only writer to the terminal: stdout is the answer, stderr everything else. A reader that left
 * early (`genkan logs --follow | head`) is no trouble: nothing more is written, and the command is told.
 */
import { codeOf } from "../kernel/errors.ts";

export interface Out {
  readonly answer: (text: string) => void;
  readonly note: (text: string) => void;
}

/** @param onReaderGone called when nobody reads the answer any more. */
export function createOut(
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
  onReaderGone: () => void,
): Out {
  return { answer: writer(stdout, onReaderGone), note: writer(stderr, () => undefined) };
}

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
