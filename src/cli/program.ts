/*
 * From words on the command line to a command's answer. Only this file knows the parser.
 */
import { Command as Parser, CommanderError, InvalidArgumentError, Option } from "commander";
import { VERSION } from "../kernel/version.ts";
import type { Answer, Context, Options } from "./command.ts";
import { COMMANDS, type CommandSpec, type OptionSpec } from "./commands.ts";
import { cliErrors } from "./errors.ts";
import { helpText } from "./help.ts";

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Parses `argv` (without node and script), runs the command it names and gives its answer.
 * Help and version are printed through `streams` and answer nothing.
 * @throws USAGE (exit 2) for words that make no sense, and whatever the command throws.
 */
export async function runProgram(
  argv: readonly string[],
  context: (options: Options, spec: CommandSpec) => Promise<Context>,
  streams: Streams,
): Promise<Answer> {
  let answer: Answer = {};
  const program = new Parser("genkan");
  program
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .enablePositionalOptions()
    .showSuggestionAfterError(true);
  program.helpInformation = helpText; // of the program alone: commands have their own
  quieten(program, streams);
  for (const spec of COMMANDS) {
    const parser = addCommand(program, spec);
    quieten(parser, streams);
    parser.action(async () => {
      const options: Options = parser.opts();
      const [{ run }, handed] = await Promise.all([spec.load(), context(options, spec)]);
      answer = await run(handed, { args: parser.args, options });
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return {};
    throw usage(thrown, argv);
  }
  return answer;
}

function addCommand(program: Parser, spec: CommandSpec): Parser {
  const parser = program.command(spec.usage).description(spec.says);
  for (const option of spec.options ?? []) parser.addOption(toOption(option));
  if (spec.examples) {
    parser.addHelpText(
      "after",
      `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  return parser.helpOption("-h, --help", "print help").showSuggestionAfterError(true);
}

/** The parser neither ends the process nor words its errors: those go through failure.ts like all others. */
function quieten(parser: Parser, streams: Streams): void {
  parser.exitOverride().configureOutput({
    writeOut: streams.out,
    writeErr: streams.err,
    outputError: () => undefined,
  });
}

function toOption({ flags, says, kind, choices }: OptionSpec): Option {
  const option = new Option(flags, says);
  if (choices) option.choices([...choices]);
  if (kind === "port") option.argParser((text) => wholeNumber(text, 65535));
  if (kind === "count") option.argParser((text) => wholeNumber(text, 1_000_000));
  if (kind === "list") {
    option.argParser((text, before: unknown) => [...(Array.isArray(before) ? before : []), text]);
  }
  return option;
}

function wholeNumber(text: string, largest: number): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= largest) return number;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${largest}.`);
}

function usage(error: CommanderError, argv: readonly string[]): Error {
  const name = argv.find((word) => COMMANDS.some((spec) => spec.usage.split(" ")[0] === word));
  const why = error.message.replace(/^error: /, "").replaceAll(/\n+/g, " ");
  const sentence = why.charAt(0).toUpperCase() + why.slice(1);
  return cliErrors.USAGE({
    why: /[.?)]$/.test(sentence) ? sentence : `${sentence}.`,
    command: name ? `genkan ${name}` : "genkan",
  });
}
