/*
 * A passphrase: typed at a terminal without being shown, or the first line of what is piped in.
 */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { cliErrors } from "./errors.ts";

/** @throws NO_SECRET when nothing came. */
export async function askSecret(
  question: string,
  input: NodeJS.ReadStream,
  note: (text: string) => void,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: silent, terminal: input.isTTY });
  if (input.isTTY) note(question);
  try {
    for await (const line of reader) {
      if (line !== "") return line;
      break;
    }
  } finally {
    reader.close();
  }
  throw cliErrors.NO_SECRET({});
}
