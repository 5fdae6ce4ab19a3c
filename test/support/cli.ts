import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { ReadStream } from "node:tty";
import { type Clock, systemClock } from "../../src/kernel/clock.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Host } from "../../src/platform/host.ts";
import type { Run } from "../../src/platform/run.ts";
import { describeHost } from "./host.ts";
import { recordingRun } from "./run.ts";
import { tempFolder } from "./temp.ts";

export interface CommandLine {
  readonly home: string;
  /** Runs `genkan WORDS` in this process and gives the transcript as a person sees it. */
  genkan(words: string): Promise<string>;
  /** The same with what came out apart. */
  run(...argv: string[]): Promise<{ exit: number; stdout: string; stderr: string }>;
}

export interface CommandLineOptions {
  readonly host?: Partial<Host>;
  readonly run?: Run;
  readonly clock?: Clock;
  readonly input?: string;
  /** Where its home is; one of its own unless told. */
  readonly folder?: string;
}

/** A command line with a home of its own; it starts no program unless given a Run. */
export function commandLine(options: CommandLineOptions = {}): CommandLine {
  const folder = options.folder ?? tempFolder();
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const env = { PATH: process.env["PATH"], GENKAN_HOME: home };
  const host = describeHost({ home: folder, tmp: folder, env, ...options.host });

  async function run(...argv: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = [collector(), collector()];
    const exit = await runCli({
      argv,
      loadMachine: async () => ({ host, run: options.run ?? recordingRun().run }),
      clock: options.clock ?? systemClock,
      stdin: inputOf(options.input ?? ""),
      stdout: stdout.stream,
      stderr: stderr.stream,
      onSignal: () => undefined,
    });
    return { exit, stdout: stdout.text(), stderr: stderr.text() };
  }
  const hide = (text: string): string => text.replaceAll(folder, "~");
  return {
    home,
    run,
    async genkan(words) {
      const { exit, stdout, stderr } = await run(...words.split(" "));
      const parts = [`$ genkan ${words}`, stderr.trimEnd(), stdout.trimEnd()];
      if (exit !== 0) parts.push(`[exit ${exit}]`);
      return hide(parts.filter(Boolean).join("\n"));
    },
  };
}

function collector(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  let all = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => (all += chunk));
  return { stream, text: () => all };
}

/** Standard input that is a pipe. */
function inputOf(text: string): ReadStream {
  const stream = new PassThrough();
  stream.end(text);
  return Object.assign(stream, { isTTY: false }) as unknown as ReadStream;
}
