/*
 * What a command is: data for the help text and the parser, and one function that is loaded only
 * when the command is asked for. A command returns its answer; it prints nothing, ends nothing.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Host } from "../platform/host.ts";
import type { Paths } from "../platform/paths.ts";
import type { Run } from "../platform/run.ts";
import type { Terminal } from "./terminal.ts";

export interface Context {
  readonly host: Host;
  readonly paths: Paths;
  readonly run: Run;
  readonly clock: Clock;
  /** The person asked for machine-readable answers. */
  readonly json: boolean;
  /** A remark beside the answer: standard error. */
  readonly note: (text: string) => void;
  /** How far something is, on one line that goes away; false where standard error is no terminal. */
  readonly progress: (text: string) => boolean;
  /** A part of the answer before its end, for commands that go on (up, logs --follow): standard output. */
  readonly say: (text: string) => void;
  /** The terminal that standard output is, if it is one. */
  readonly terminal: Terminal | undefined;
  /** Aborted at the first signal to end (for commands that end gently), or when nobody reads the answer any more. */
  readonly signal: AbortSignal;
  /** A passphrase to be chosen: typed twice, or the first line of what is piped in. */
  readonly askSecret: (question: string) => Promise<string>;
}

export interface Answer {
  /** The answer as text; undefined when everything was said already. */
  readonly text?: string;
  /** The same as data, for `--json`. */
  readonly data?: unknown;
  /** 1 where the answer is "no" (doctor found something). */
  readonly exit?: 0 | 1;
}

export interface Input {
  /** Operands, in order. */
  readonly args: readonly string[];
  /** Options by their camel-case name. */
  readonly options: Options;
}

/** Options as commander leaves them; the readers below give them their types. */
export type Options = Readonly<Record<string, unknown>>;

export type Command = (context: Context, input: Input) => Promise<Answer>;

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

export function numberOption(options: Options, name: string): number | undefined {
  const value = options[name];
  return typeof value === "number" ? value : undefined;
}

export function flagOption(options: Options, name: string): boolean {
  return options[name] === true;
}

export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}
