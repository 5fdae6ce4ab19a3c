/*
 * `genkan trust`: the root into this machine's stores; with a URL, another door's root, whose
 * fingerprint its owner read to the person.
 */
import { loadConfig } from "../../config/load.ts";
import { findAuthority, openAuthorityFor } from "../../daemon/authority.ts";
import { silentLog } from "../../kernel/log.ts";
import { storesFor } from "../../trust/stores.ts";
import type { Root } from "../../trust/needs.ts";
import { fetchRoot } from "../../trust/remote.ts";
import { trustRoot } from "../../trust/trust.ts";
import { type Answer, type Context, flagOption, type Input, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { contextOfPerson } from "../trust-world.ts";
import { answerOf, tellers } from "../trust-words.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const [url] = input.args;
  const fingerprint = textOption(input.options, "fingerprint");
  if (url === undefined && fingerprint !== undefined) {
    const why = "A fingerprint goes with the address of another door; none was given.";
    throw cliErrors.USAGE({ why, command: "genkan trust" });
  }
  const root = url === undefined ? await ownRoot(context) : await fetchRoot(url, fingerprint);
  context.note(`Root ${root.fingerprint256}`);
  const stores = await storesFor(context);
  const dryRun = flagOption(input.options, "dryRun");
  const results = await trustRoot({ root, stores, dryRun, ...tellers(context, "install") });
  return answerOf(context, results, root.fingerprint256);
}

/** This home's root; made on first need, but never with rights that are not its owner's. */
async function ownRoot(caller: Context): Promise<Root> {
  const { context, isBorrowed } = await contextOfPerson(caller);
  const { settings } = await loadConfig(context.paths.config);
  const world = { ...context, log: silentLog };
  const authority = isBorrowed
    ? await findAuthority(settings, world)
    : await openAuthorityFor(settings, world);
  if (!authority) throw cliErrors.ROOT_NOT_MADE({});
  if (authority.warning) context.note(authority.warning);
  return authority.root;
}
