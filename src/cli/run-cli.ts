/*
 * One run of the command line, from words to exit code, with the world handed in: tests call this
 * in-process with a described host and streams of their own.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Host } from "../platform/host.ts";
import { pathsOf } from "../platform/paths.ts";
import type { Run } from "../platform/run.ts";
import { askSecret } from "./ask-secret.ts";
import type { Answer, Context, Options } from "./command.ts";
import { describeFailure } from "./failure.ts";
import { createOut, type Out } from "./out.ts";
import { runProgram } from "./program.ts";

export interface World {
  /** The words after `genkan`. */
  readonly argv: readonly string[];
  readonly host: Host;
  readonly run: Run;
  readonly clock: Clock;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Registers what happens at SIGINT, SIGTERM and SIGHUP; without it they end the process at once. */
  readonly onSignal: (listener: () => void) => void;
}

/** @returns the exit code: 0 done, 1 failed or "no", 2 wrong usage. */
export async function runCli(world: World): Promise<0 | 1 | 2> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const out = createOut(world.stdout, world.stderr, end);
  const json = world.argv.includes("--json");
  try {
    const answer = await runProgram(
      world.argv,
      (options, spec) => {
        if (spec.endsGently) world.onSignal(end);
        return contextOf(world, options, { out, signal: ending.signal });
      },
      {
        out: out.answer,
        err: out.note,
      },
    );
    show(answer, json, out);
    return answer.exit ?? 0;
  } catch (thrown) {
    const failure = describeFailure(thrown, json);
    out.note(failure.text);
    return failure.exit;
  }
}

function show(answer: Answer, json: boolean, out: Out): void {
  if (json && answer.data !== undefined) out.answer(JSON.stringify(answer.data));
  else if (answer.text !== undefined && !json) out.answer(answer.text);
}

function contextOf(
  world: World,
  options: Options,
  { out, signal }: { readonly out: Out; readonly signal: AbortSignal },
): Context {
  return {
    host: world.host,
    paths: pathsOf(world.host),
    run: world.run,
    clock: world.clock,
    json: options["json"] === true,
    note: out.note,
    say: out.answer,
    signal,
    askSecret: (question) => askSecret(question, world.stdin, out.note),
  };
}
