/*
 * What a command is handed, made from the world when a command runs: help and version load none of it.
 */
import { pathsOf } from "../platform/paths.ts";
import { askSecret } from "./ask-secret.ts";
import type { Context, Options } from "./command.ts";
import type { Out } from "./out.ts";
import { terminalOf } from "./terminal.ts";
import type { World } from "./world.ts";

export async function createContext(
  world: World,
  options: Options,
  { out, signal }: { readonly out: Out; readonly signal: AbortSignal },
): Promise<Context> {
  const { host, run } = await world.loadMachine();
  return {
    host,
    paths: pathsOf(host),
    run,
    clock: world.clock,
    json: options["json"] === true,
    note: out.note,
    progress: out.progress,
    say: out.answer,
    terminal: terminalOf(world.stdout, host),
    signal,
    askSecret: (question) => askSecret(question, world.stdin, out.note),
  };
}
