import { PassThrough } from "node:stream";
import type { ReadStream } from "node:tty";
import { expect, test } from "vitest";
import { askSecret } from "./ask-secret.ts";

/** What is asked, and what comes of these lines. */
async function asked(lines: string, isTTY: boolean): Promise<{ notes: string[]; secret: unknown }> {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.end(lines);
  const notes: string[] = [];
  const secret = await askSecret("Passphrase:", input as unknown as ReadStream, (text) =>
    notes.push(text),
  ).catch((thrown: { code: string }) => thrown.code);
  return { notes, secret };
}

test("a piped passphrase is its first line, and nobody is asked", async () => {
  expect(await asked("correct horse\nmore\n", false)).toEqual({
    notes: [],
    secret: "correct horse",
  });
});

test("a typed one is asked for twice", async () => {
  const notes = ["Passphrase:", "Once more:"];
  expect(await asked("correct horse\ncorrect horse\n", true)).toEqual({
    notes,
    secret: "correct horse",
  });
  expect(await asked("correct horse\ncorrect hrose\n", true)).toEqual({
    notes,
    secret: "SECRETS_DIFFER",
  });
});

test.each(["", "\n"])("nothing (%j) is no passphrase", async (lines) => {
  expect((await asked(lines, false)).secret).toBe("NO_SECRET");
});
