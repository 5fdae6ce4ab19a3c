/*
 * `genkan token`: what lets programs in. With a name it makes one or takes it away; without, it lists them.
 */
import { readTokens } from "../../daemon/access-reports.ts";
import type { TokenReport } from "../../daemon/control/access-protocol.ts";
import { doorControl, ifOpen } from "../../daemon/control/client.ts";
import { parseDuration } from "../../model/duration.ts";
import { printable } from "../../kernel/printable.ts";
import {
  type Answer,
  type Context,
  flagOption,
  type Input,
  listOption,
  type Options,
  textOption,
} from "../command.ts";
import { cliErrors } from "../errors.ts";
import { table } from "../table.ts";
import { minute } from "../when.ts";

export async function run(context: Context, { args, options }: Input): Promise<Answer> {
  const [name] = args;
  const hasWishes =
    listOption(options, "app").length > 0 || textOption(options, "expires") !== undefined;
  const isRemoving = flagOption(options, "remove");
  if (name === undefined) {
    if (hasWishes || isRemoving) throw refused("Which token? Give its name: genkan token NAME.");
    return list(context);
  }
  if (!isRemoving) return make(context, name, options);
  if (hasWishes) throw refused("--remove takes a token away; --app and --expires make one.");
  await doorControl(context.paths).access.removeToken(name);
  return { text: `The token ${name} opens nothing any more.`, data: { removed: name } };
}

function refused(why: string): Error {
  return cliErrors.USAGE({ why, command: "genkan token" });
}

/** The token alone is the answer, for `$(...)`; what there is to say about it goes beside. */
async function make({ paths, note }: Context, name: string, options: Options): Promise<Answer> {
  const apps = [...new Set(listOption(options, "app"))];
  if (apps.length === 0) throw refused("A token opens certain apps only. Name them: --app APP.");
  const time = textOption(options, "expires");
  const goodForMs = time === undefined ? null : parseDuration(time);
  const made = await doorControl(paths).access.makeToken({ name, apps, goodForMs });
  const until =
    made.expires === null ? "until you take it away" : `until ${minute(made.expires)} UTC`;
  note(
    `It opens ${apps.join(", ")} ${until}. It is shown this once; the door keeps only its hash.`,
  );
  note("A program sends it with every request: Authorization: Bearer TOKEN");
  return { text: made.token, data: made };
}

async function list({ paths, clock, note }: Context): Promise<Answer> {
  const asked = await ifOpen(() => doorControl(paths).access.tokens());
  const tokens = asked ?? (await readTokens(paths.access, clock.now()));
  if (!asked) note("The door is closed: this is what it kept.");
  const data = { open: asked !== undefined, tokens };
  if (tokens.length === 0) {
    return { text: "There are no tokens. To make one: genkan token backup --app APP", data };
  }
  return { text: `${table([HEAD, ...tokens.map(row)])}\n\nTimes are UTC.`, data };
}

const HEAD = ["TOKEN", "MADE", "LAST USED", "UNTIL", "APPS"];

function row({ name, made, lastSeen, expires, ended, apps }: TokenReport): string[] {
  const used = lastSeen === made ? "never" : minute(lastSeen);
  const until = ended ? "over" : expires === null ? "-" : minute(expires);
  return [name, made.slice(0, 10), used, until, apps.join(", ")].map((cell) => printable(cell));
}
