/*
 * `genkan untrust`: exactly this home's root out of this machine's stores.
 */
import { loadConfig } from "../../config/load.ts";
import { findAuthority } from "../../daemon/authority.ts";
import { silentLog } from "../../kernel/log.ts";
import { storesFor } from "../../trust/stores.ts";
import { untrustRoot } from "../../trust/trust.ts";
import { type Answer, type Context, flagOption, type Input } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { contextOfPerson } from "../trust-world.ts";
import { answerOf, tellers } from "../trust-words.ts";

export async function run(caller: Context, input: Input): Promise<Answer> {
  const { context } = await contextOfPerson(caller);
  const { settings } = await loadConfig(context.paths.config);
  const authority = await findAuthority(settings, { ...context, log: silentLog });
  if (!authority) throw cliErrors.ROOT_NOT_MADE({});
  const { root } = authority;
  const stores = await storesFor(context);
  const dryRun = flagOption(input.options, "dryRun");
  const results = await untrustRoot({ root, stores, dryRun, ...tellers(context, "remove") });
  return answerOf(context, results, root.fingerprint256);
}
