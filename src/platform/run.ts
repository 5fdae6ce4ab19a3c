/*
 * The one place that starts programs: argument arrays, no shell, a time limit, output captured.
 * Features take a `Run`, so tests hand them a recording one.
 */
import { execFile, spawn } from "node:child_process";
import { codeOf, GenkanError } from "../kernel/errors.ts";
import { shellWord } from "./shell-word.ts";

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
    const how = howItEnded(end, cause);
    super(
      {
        code: end.missing ? "PROGRAM_MISSING" : "PROGRAM_FAILED",
        message: `The program ${end.program} ${how}${said ? `: ${said}` : "."}`,
        fix: end.missing
          ? `Install ${end.program}, or add its folder to PATH.`
          : `Run it by hand to see more: ${[end.program, ...end.args].map(shellWord).join(" ")}`,
      },
      { cause },
    );
    this.end = end;
  }
}

/** What execFile's error tells of an end without an exit code. */
function howItEnded(end: ProgramEnd, cause: unknown): string {
  if (end.missing) return "is not installed";
  if (end.exitCode !== undefined) return `ended with ${end.exitCode}`;
  const code = codeOf(cause);
  if (code === "ABORT_ERR") return "was stopped before its end";
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "said more than it may";
  if (code !== undefined) return `could not be started (${code})`;
  const { killed, signal } = (cause ?? {}) as { killed?: unknown; signal?: unknown };
  if (killed === true) return "took too long and was ended";
  return typeof signal === "string" ? `was ended by ${signal}` : "did not end well";
}

/** execvp(3): a bare name that no folder of PATH has is EACCES when one of them may not be looked into. */
function isMissing(program: string, code: unknown): boolean {
  return code === "ENOENT" || (code === "EACCES" && !/[/\\]/.test(program));
}

const LARGEST_OUTPUT = 16 * 1024 * 1024;
/** Milliseconds between asking a program to end and making it. */
const GRACE = 2_000;

/** The real one. */
export const runProgram: Run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const timeout = options.timeout ?? 30_000;
    const child = execFile(
      program,
      [...args],
      {
        timeout,
        maxBuffer: LARGEST_OUTPUT,
        windowsHide: true,
        ...(options.env ? { env: { ...options.env } } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (error, stdout, stderr) => {
        clearTimeout(lastResort);
        if (!error) return resolve({ stdout, stderr });
        const missing = isMissing(program, error.code);
        const exitCode = typeof error.code === "number" ? error.code : undefined;
        const output = stderr || stdout;
        reject(new ProgramFailedError({ program, args, exitCode, missing, output }, error));
      },
    );
    // The time limit ends it with SIGTERM, so that sudo can pass it on; some programs do not listen.
    const lastResort = setTimeout(() => child.kill("SIGKILL"), timeout + GRACE);
    // A program that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });

export interface Program {
  readonly pid: number;
  /** The last of what it said on standard error. */
  said(): string;
  /** How it ended: "exit code 1", "SIGKILL". Never rejects. */
  readonly ended: Promise<string>;
  /**
   * Sends a signal to it alone, or to it and all it started; does nothing where nobody is left.
   * @returns whether there was somebody.
   */
  signal(name: NodeJS.Signals, to?: "alone" | "all"): boolean;
}

/** Starts a program that goes on until it is told to end. @throws ProgramFailedError when it cannot be started. */
export type StartProgram = (program: string, args: readonly string[]) => Promise<Program>;

/** Bytes kept of what a running program says. */
const LAST_WORDS = 8 * 1024;

/**
 * The real one. The program leads a process group of its own: a terminal's Ctrl-C reaches only us, and
 * what it leaves behind can be ended by its id.
 */
export const startProgram: StartProgram = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      detached: true,
      windowsHide: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-LAST_WORDS);
    });
    const ended = new Promise<string>((end) => {
      child.once("close", (code, signal) => end(signal ?? `exit code ${code}`));
    });
    child.once("error", (error) => {
      const missing = isMissing(program, codeOf(error));
      reject(
        new ProgramFailedError({ program, args, exitCode: undefined, missing, output: "" }, error),
      );
    });
    child.once("spawn", () => {
      const pid = child.pid ?? 0; // a spawned program has one
      resolve({
        pid,
        ended,
        said: () => said,
        signal: (name, to = "alone") => signalTo(to === "all" ? -pid : pid, name),
      });
    });
  });

/** Sends a signal to a process, or to a process group by its negative id; whether anybody was there. */
export function signalTo(id: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(id, name);
  } catch (thrown) {
    if (codeOf(thrown) === "ESRCH") return false;
    throw thrown;
  }
}
