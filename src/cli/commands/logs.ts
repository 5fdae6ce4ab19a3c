/*
 * `genkan logs`: the door's events from their file, with --follow as they come; with --audit those about who is
 * let in.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../../kernel/errors.ts";
import { printable } from "../../kernel/printable.ts";
import { readIfThere } from "../../platform/files.ts";
import { type Answer, type Context, flagOption, type Input, numberOption } from "../command.ts";

/** Milliseconds between looks for more. */
const LOOK = 250;

export async function run(context: Context, input: Input): Promise<Answer> {
  const { paths, json } = context;
  const path = flagOption(input.options, "audit") ? paths.audit : paths.log;
  const count = numberOption(input.options, "lines") ?? 50;
  const text = (await readIfThere(path)) ?? "";
  const lines = text.split("\n").filter(Boolean).slice(-count);
  const show = (line: string): void => context.say(json ? line : entryText(line));
  for (const line of lines) show(line);
  if (lines.length === 0) context.note(`Nothing in ${path} yet.`);
  const from = Buffer.byteLength(text);
  if (flagOption(input.options, "follow")) await follow(context, { path, from }, show);
  return {};
}

async function follow(
  { signal }: Context,
  { path, from }: { readonly path: string; readonly from: number },
  show: (line: string) => void,
): Promise<void> {
  let offset = from;
  while (!signal.aborted) {
    const size = await sizeOf(path);
    if (size < offset) offset = 0; // put aside, and a new one begun
    if (size > offset) {
      const stream = createReadStream(path, { start: offset, end: size - 1 });
      for await (const line of createInterface({ input: stream })) show(line);
      offset = size;
    }
    await sleep(LOOK, undefined, { signal }).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return 0;
    throw thrown;
  }
}

/** One entry for a person, safe for a terminal; a line that is no entry (a power cut, somebody's hand) as it is. Pure. */
export function entryText(line: string): string {
  return printable(wordsOf(line), Infinity);
}

function wordsOf(line: string): string {
  const entry = parse(line);
  if (!entry) return line;
  const { at, level, event, ...fields } = entry;
  const more = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
  return [at, String(level).padEnd(5), event, ...more].join(" ");
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && "event" in value) return { ...value };
    return undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function fieldText(value: unknown): string {
  return typeof value === "string" && /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}
