/*
 * Where the program starts: it describes the machine, runs the command the person named, shows
 * the answer or the trouble, and leaves the exit code. Everything else is loaded by need.
 */
import { runCli } from "./cli/run-cli.ts";
import { systemClock } from "./kernel/clock.ts";

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  loadMachine: async () => {
    const [{ detectHost }, { runProgram }] = await Promise.all([
      import("./platform/host.ts"),
      import("./platform/run.ts"),
    ]);
    return { host: detectHost(), run: runProgram };
  },
  clock: systemClock,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal: (listener) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, listener);
  },
});
