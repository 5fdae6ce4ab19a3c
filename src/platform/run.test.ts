import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { ProgramFailedError, runProgram } from "./run.ts";
import { shellWord } from "./shell-word.ts";

const node = (code: string, ...args: string[]): [string, string[]] => [
  process.execPath,
  ["-e", code, ...args],
];

/** How a program ended that was to fail. */
async function failure(running: Promise<unknown>): Promise<ProgramFailedError> {
  const thrown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ProgramFailedError) return thrown;
  throw new Error("it did not fail as programs do", { cause: thrown });
}

test("a program's words are given, its input and environment reach it", async () => {
  const code = `process.stdin.on("data", (d) => { process.stdout.write(d + process.env.X); console.error("aside") })`;
  const result = await runProgram(...node(code), { input: "in ", env: { X: "env" } });
  expect(result).toEqual({ stdout: "in env", stderr: "aside\n" });
});

test("arguments are never read by a shell", async () => {
  const { stdout } = await runProgram(...node("console.log(process.argv[1])", "$(id); `id` * |"));
  expect(stdout).toBe("$(id); `id` * |\n");
});

test("a program that ends badly is told with its own words and its code", async () => {
  const error = await failure(
    runProgram(...node(`console.error("no such store"); process.exit(3)`)),
  );
  expect(error.message).toMatch(/ended with 3: no such store$/);
  expect(error.end).toMatchObject({ exitCode: 3, missing: false });
  expect(error.fix).toContain(` -e 'console.error(`);
});

test("a program that is not there is told as missing", async () => {
  const error = await failure(runProgram("no-such-program-here", []));
  expect(error.code).toBe("PROGRAM_MISSING");
  expect(error.end.missing).toBe(true);
  expect(error.fix).toBe("Install no-such-program-here, or add its folder to PATH.");
});

test("a bare name that leads to nothing we may start is missing too", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "tool"), "not a program");
  expect((await failure(runProgram("tool", [], { env: { PATH: folder } }))).end.missing).toBe(true);
});

test("a file that is no program is told as that", async () => {
  const error = await failure(runProgram(import.meta.filename, []));
  expect(error.message).toMatch(/could not be started \(EACCES\)/);
});

test("a program that takes too long is ended", async () => {
  const error = await failure(runProgram(...node("setInterval(() => {}, 1000)"), { timeout: 300 }));
  expect(error.message).toMatch(/took too long and was ended/);
});

test("a program that will not listen to that is ended all the same", async () => {
  const deaf = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)`;
  const error = await failure(runProgram(...node(deaf), { timeout: 500 }));
  expect(error.message).toMatch(/took too long and was ended/);
}, 20_000);

test("a program is stopped with what it was wanted for", async () => {
  const signal = AbortSignal.timeout(200);
  const error = await failure(runProgram(...node("setInterval(() => {}, 1000)"), { signal }));
  expect(error.message).toMatch(/was stopped before its end/);
});

test("a program that dies of a signal is told so", async () => {
  const error = await failure(runProgram(...node(`process.kill(process.pid, "SIGABRT")`)));
  expect(error.message).toMatch(/was ended by SIGABRT/);
});

test("a program that floods us is ended", async () => {
  const error = await failure(
    runProgram(...node(`process.stdout.write("x".repeat(17 * 1024 * 1024))`)),
  );
  expect(error.message).toMatch(/said more than it may/);
});

test("a program that leaves before it was told everything does not harm us", async () => {
  const result = await runProgram(...node(""), { input: "x".repeat(4 * 1024 * 1024) });
  expect(result.stdout).toBe("");
});

test.each([
  ["/usr/bin/node", "/usr/bin/node"],
  ["", "''"],
  ["two words", "'two words'"],
  ["it's", `'it'\\''s'`],
  ["$(id)", "'$(id)'"],
  ["~", "'~'"],
])("%j is pasted as %s", (text, expected) => {
  expect(shellWord(text)).toBe(expected);
});
