/*
 * `genkan openhands start|stop|status`: OpenHands in a container of its own, which only the door leads to.
 */
import { didYouMean } from "../../kernel/suggest.ts";
import type { Answer, Command, Context, Input } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { start } from "../openhands/start.ts";
import { status } from "../openhands/status.ts";
import { stop } from "../openhands/stop.ts";

const WAYS: Readonly<Record<string, Command>> = { start, stop, status };
const START_OPTIONS = ["generation", "projects", "port", "print"];

export async function run(context: Context, input: Input): Promise<Answer> {
  const [what = ""] = input.args;
  const way = Object.hasOwn(WAYS, what) ? WAYS[what] : undefined;
  if (!way) {
    const near = didYouMean(what, Object.keys(WAYS));
    throw refused(`It can be start, stop or status, not ${JSON.stringify(what)}.${near}`);
  }
  const odd = START_OPTIONS.find((name) => input.options[name] !== undefined);
  if (way !== start && odd !== undefined) throw refused(`--${odd} goes with start.`);
  return way(context, input);
}

function refused(why: string): Error {
  return cliErrors.USAGE({ why, command: "genkan openhands" });
}
