import { ProgramFailedError, type Run, type RunResult } from "../../src/platform/run.ts";

export interface RecordingRun {
  readonly run: Run;
  /** What was started, one line each: `certutil -d sql:/x -L`. */
  readonly started: string[];
}

/**
 * A Run that starts nothing and remembers everything. `answer` says what a program would do: its
 * standard output, the word `missing`, or an exit code other than 0.
 */
export function recordingRun(
  answer: (line: string, input: string | undefined) => string | number = () => "",
): RecordingRun {
  const started: string[] = [];
  const run: Run = async (program, args, options): Promise<RunResult> => {
    const line = [program, ...args].join(" ");
    started.push(line);
    const says = answer(line, options?.input);
    if (typeof says === "string" && says !== "missing") return { stdout: says, stderr: "" };
    const missing = says === "missing";
    const exitCode = typeof says === "number" ? says : undefined;
    throw new ProgramFailedError({ program, args, exitCode, missing, output: "" }, undefined);
  };
  return { run, started };
}
