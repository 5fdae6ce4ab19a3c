/*
 * The one place that starts programs: argument arrays, no shell, a time limit, output captured.
 * Features take a `Run`, so tests hand them a recording one.
 */
import { execFile } from "node:child_process";
import { GenkanError } from "../kernel/errors.ts";

export interface RunOptions {
  /** Text for the program's standard input. */
  readonly input?: string;
  /** Milliseconds until it is killed; 30 seconds unless told. */
  readonly timeout?: number;
  /** The whole environment; this process's own unless told (spread `host.env` to add to it). */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end and gives its output.
 * @throws ProgramFailedError when it is not there (`end.missing`), exits with
 *   another code than 0, or outlasts its time.
 */
export type Run = (
  program: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<RunResult>;

interface ProgramEnd {
  readonly program: string;
  readonly args: readonly string[];
  /** Undefined when it was not there, was killed or outlasted its time. */
  readonly exitCode: number | undefined;
  readonly missing: boolean;
  /** What it said, errors first. */
  readonly output: string;
}

/** A program that did not do what it was started for; its own words are kept in `end.output`. */
export class ProgramFailedError extends GenkanError {
  override readonly name = "ProgramFailedError";
  readonly end: ProgramEnd;

  constructor(end: ProgramEnd, cause: unknown) {
    const said = end.output.trim();
    const how = end.missing
      ? "is not installed"
      : `ended with ${end.exitCode ?? "a time-out or a signal"}`;
    super(
      {
        code: end.missing ? "PROGRAM_MISSING" : "PROGRAM_FAILED",
        message: `The program ${end.program} ${how}${said ? `: ${said}` : "."}`,
        fix: `Run it by hand to see more: ${[end.program, ...end.args].join(" ")}`,
      },
      { cause },
    );
    this.end = end;
  }
}

const LARGEST_OUTPUT = 16 * 1024 * 1024;

/** The real one. */
export const runProgram: Run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        timeout: options.timeout ?? 30_000,
        maxBuffer: LARGEST_OUTPUT,
        windowsHide: true,
        ...(options.env ? { env: { ...options.env } } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (error, stdout, stderr) => {
        if (!error) return resolve({ stdout, stderr });
        const missing = error.code === "ENOENT";
        const exitCode = typeof error.code === "number" ? error.code : undefined;
        const output = stderr || stdout;
        reject(new ProgramFailedError({ program, args, exitCode, missing, output }, error));
      },
    );
    // A program that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
