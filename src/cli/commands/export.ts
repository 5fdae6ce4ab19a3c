/*
 * `genkan export nginx`: the apps as a site for somebody's own nginx, to be read before it is used.
 */
import { dirname, join, resolve } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { findAuthority } from "../../daemon/authority.ts";
import type { Version } from "../../engines/nginx/facts.ts";
import { versionHere } from "../../engines/nginx/find.ts";
import { renderSite, type SiteCert } from "../../engines/nginx/site/site.ts";
import { silentLog } from "../../kernel/log.ts";
import { compile } from "../../model/compile.ts";
import type { Plan, PlannedApp } from "../../model/plan.ts";
import { mkcertStem } from "../../pki/cert-files.ts";
import { writeAtomic } from "../../platform/files.ts";
import { shellWord } from "../../platform/shell-word.ts";
import {
  type Answer,
  type Context,
  type Input,
  numberOption,
  type Options,
  textOption,
} from "../command.ts";
import { cliErrors } from "../errors.ts";

/** Where a site without a file of its own looks for certificates. */
const USUAL_FOLDER = "/etc/nginx/genkan";

export async function run(context: Context, { args, options }: Input): Promise<Answer> {
  const [kind = ""] = args;
  if (kind !== "nginx") throw cliErrors.EXPORT_UNKNOWN({ kind });
  const plan = await planOf(context);
  const out = textOption(options, "out");
  const file = out === undefined ? undefined : resolve(out);
  const certOf = certIn(file === undefined ? USUAL_FOLDER : dirname(file));
  const text = renderSite(plan, {
    version: await versionFor(context, options),
    httpsPort: numberOption(options, "httpsPort") ?? 443,
    httpPort: numberOption(options, "httpPort") ?? 80,
    certOf,
  });
  const asking = plan.apps.filter(({ access }) => access !== "open").map(({ name }) => name);
  if (asking.length > 0) {
    context.note(
      `The site asks nobody who they are. At the door these apps do: ${asking.join(", ")}.`,
    );
  }
  if (file === undefined) return { text: text.trimEnd(), data: { text } };
  await writeAtomic(file, text);
  const commands = plan.apps.map((app) => certOf(app).command);
  const steps = ["Its certificates:", ...commands.map((command) => `  ${command}`)];
  return { text: [`Written: ${file}`, ...steps].join("\n"), data: { file, commands } };
}

async function planOf(context: Context): Promise<Plan> {
  const { settings } = await loadConfig(context.paths.config);
  if (settings.apps.length === 0) throw cliErrors.EXPORT_EMPTY({ config: context.paths.config });
  const authority = await findAuthority(settings, { ...context, log: silentLog });
  return compile(settings.apps, authority?.scope);
}

/** What the person says, else the nginx of this machine, else unknown. */
async function versionFor({ host, run }: Context, options: Options): Promise<Version | undefined> {
  const said = textOption(options, "nginxVersion");
  if (said === undefined) return versionHere(host, run);
  const [, major, minor, patch = "0"] = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(said) ?? [];
  if (major === undefined || minor === undefined) {
    const why = `--nginx-version ${said} is no version: it looks like 1.26.0 (see nginx -v).`;
    throw cliErrors.USAGE({ why, command: "genkan export" });
  }
  return [Number(major), Number(minor), Number(patch)];
}

function certIn(folder: string): (app: PlannedApp) => SiteCert {
  return ({ hosts }) => {
    const stem = mkcertStem({ dns: hosts });
    return {
      cert: join(folder, `${stem}.pem`),
      key: join(folder, `${stem}-key.pem`),
      command: `genkan cert ${hosts.join(" ")} --out ${shellWord(folder)}`,
    };
  };
}
