/*
 * The only writer to the terminal: stdout is the answer, stderr everything else. A reader that
 * left early (`genkan logs | head`) ends the program without a word.
 */

export interface Out {
  readonly answer: (text: string) => void;
  readonly note: (text: string) => void;
}

export function createOut(stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): Out {
  const write = (stream: NodeJS.WritableStream) => (text: string) => {
    stream.write(text.endsWith("\n") ? text : `${text}\n`);
  };
  return { answer: write(stdout), note: write(stderr) };
}
