/*
 * A passphrase to be chosen: typed twice at a terminal without being shown, or the first line of what
 * is piped in.
 */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { cliErrors } from "./errors.ts";

/** @throws NO_SECRET when nothing came, SECRETS_DIFFER when it was typed in two ways. */
export async function askSecret(
  question: string,
  input: NodeJS.ReadStream,
  note: (text: string) => void,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const isTyped = input.isTTY === true;
  const reader = createInterface({ input, output: silent, terminal: isTyped });
  const lines = reader[Symbol.asyncIterator]();
  const ask = async (words: string): Promise<string> => {
    if (isTyped) note(words);
    const { value } = (await lines.next()) as IteratorResult<string, undefined>;
    return value ?? "";
  };
  try {
    const secret = await ask(question);
    if (secret === "") throw cliErrors.NO_SECRET({});
    if (isTyped && (await ask("Once more:")) !== secret) throw cliErrors.SECRETS_DIFFER({});
    return secret;
  } finally {
    reader.close();
  }
}
