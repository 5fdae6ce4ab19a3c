/*
 * `genkan trust`: the root into this machine's stores; with a URL, another door's root, whose
 * fingerprint its owner read to the person.
 */
import { loadConfig } from "../../config/load.ts";
import { openAuthorityFor } from "../../daemon/authority.ts";
import { silentLog } from "../../kernel/log.ts";
import { storesFor } from "../../trust/stores.ts";
import type { Root } from "../../trust/needs.ts";
import { fetchRoot } from "../../trust/remote.ts";
import { trustRoot } from "../../trust/trust.ts";
import { type Answer, type Context, flagOption, type Input, textOption } from "../command.ts";
import { answerOf, tellers } from "../trust-words.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const [url] = input.args;
  const fingerprint = textOption(input.options, "fingerprint");
  const root = url === undefined ? await ownRoot(context) : await fetchRoot(url, fingerprint);
  context.note(`Root ${root.fingerprint256}`);
  const stores = await storesFor(context);
  const dryRun = flagOption(input.options, "dryRun");
  const results = await trustRoot({ root, stores, dryRun, ...tellers(context, "install") });
  return answerOf(results, root.fingerprint256);
}

async function ownRoot(context: Context): Promise<Root> {
  const { settings } = await loadConfig(context.paths.config);
  const { root, warning } = await openAuthorityFor(settings, { ...context, log: silentLog });
  if (warning) context.note(warning);
  return root;
}
