/*
 * What `genkan --help` and `--version` say, from the table of commands alone: the parser, which takes
 * longer to load than all of this, is not asked. Pure.
 */
import { VERSION } from "../kernel/version.ts";
import { COMMANDS } from "./commands.ts";
import { table } from "./table.ts";

const HELP = new Set(["", "help", "--help", "-h"]);
const WHICH = new Set(["--version", "-V"]);

/** The answer to words that ask for help or the version and nothing else; undefined for all others. */
export function quickAnswer(argv: readonly string[]): string | undefined {
  const words = argv.join(" ");
  if (HELP.has(words)) return helpText();
  return WHICH.has(words) ? VERSION : undefined;
}

export function helpText(): string {
  const rows = COMMANDS.map(({ usage, says }) => [`  ${usage}`, says]);
  return `Usage: genkan COMMAND [options]

The trusted HTTPS front door for the apps you host at home.

Start here:
  genkan up openhands=3000
  genkan trust

Commands:
${table(rows)}

  genkan COMMAND --help   says more of one
  genkan --version        which this is
`;
}
