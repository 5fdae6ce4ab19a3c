/*
 * `genkan cert NAME...`: a certificate and its key as files, for use in any other server.
 */
import { loadConfig } from "../../config/load.ts";
import { openAuthorityFor } from "../../daemon/authority.ts";
import { silentLog } from "../../kernel/log.ts";
import { writeCertFiles } from "../../pki/cert-files.ts";
import { type Answer, type Context, type Input, textOption } from "../command.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const { settings } = await loadConfig(context.paths.config);
  const authority = await openAuthorityFor(settings, { ...context, log: silentLog });
  const written = await writeCertFiles(
    authority,
    input.args,
    textOption(input.options, "out") ?? ".",
  );
  const until = new Date(written.notAfter).toISOString().slice(0, 10);
  const text = [
    `Certificate  ${written.certPath}`,
    `Key          ${written.keyPath}`,
    `Good until ${until}. Genkan does not renew these files: run the same command again before then.`,
  ].join("\n");
  return { text, data: { cert: written.certPath, key: written.keyPath, notAfter: until } };
}
