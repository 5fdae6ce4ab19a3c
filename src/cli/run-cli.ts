/*
 * One run of the command line, from words to exit code, with the world handed in: tests call this
 * in-process with a described host and streams of their own.
 */
import type { Answer, Context, Options } from "./command.ts";
import type { CommandSpec } from "./commands.ts";
import { describeFailure } from "./failure.ts";
import { quickAnswer } from "./help.ts";
import { createOut, type Out } from "./out.ts";
import type { World } from "./world.ts";

/** @returns the exit code: 0 done, 1 failed or "no", 2 wrong usage. */
export async function runCli(world: World): Promise<0 | 1 | 2> {
  const ending = new AbortController();
  const out = createOut(world.stdout, world.stderr, () => ending.abort());
  const quick = quickAnswer(world.argv);
  if (quick !== undefined) {
    out.answer(quick);
    return world.argv.length === 0 ? 2 : 0; // no command is no use
  }
  const json = world.argv.includes("--json");
  try {
    const answer = await parseAndRun(world, out, ending);
    show(answer, json, out);
    return answer.exit ?? 0;
  } catch (thrown) {
    const failure = describeFailure(thrown, json);
    out.note(failure.text);
    return failure.exit;
  }
}

async function parseAndRun(world: World, out: Out, ending: AbortController): Promise<Answer> {
  const { runProgram } = await import("./program.ts");
  const context = async (options: Options, spec: CommandSpec): Promise<Context> => {
    if (spec.endsGently) world.onSignal(() => ending.abort());
    const { createContext } = await import("./context.ts");
    return createContext(world, options, { out, signal: ending.signal });
  };
  return runProgram(world.argv, context, { out: out.answer, err: out.note });
}

function show(answer: Answer, json: boolean, out: Out): void {
  if (json && answer.data !== undefined) out.answer(JSON.stringify(answer.data));
  else if (answer.text !== undefined && !json) out.answer(answer.text);
}
