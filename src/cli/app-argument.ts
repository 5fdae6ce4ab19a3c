/*
 * `genkan up`'s operands: NAME=TARGET, or a target alone, whose name is taken from it.
 */
import type { AppAccess } from "../model/admission.ts";
import type { AppSettings } from "../model/settings.ts";
import { parseAppName } from "../model/hostname.ts";
import { formatTarget, parseTarget, shortTarget } from "../model/target.ts";
import { cliErrors } from "./errors.ts";

/**
 * The apps of one command line, for this run only; one that is there twice is meant once.
 * @param access who may open them.
 * @throws NAME_INVALID, TARGET_INVALID, HOST_INVALID; USAGE for two apps with one name
 */
export function appsOfArguments(
  texts: readonly string[],
  access: AppAccess,
): readonly AppSettings[] {
  const apps = new Map<string, AppSettings>();
  for (const app of texts.map((text) => appOfArgument(text, access))) {
    const { name, upstream } = app;
    const other = apps.get(name)?.upstream ?? upstream;
    if (formatTarget(other) !== formatTarget(upstream)) {
      const both = `${shortTarget(other)} and ${shortTarget(upstream)}`;
      const why = `${both} would both be called ${name}; give one a name of its own: NAME=${shortTarget(upstream)}.`;
      throw cliErrors.USAGE({ why, command: "genkan up" });
    }
    apps.set(name, app);
  }
  return [...apps.values()];
}

function appOfArgument(text: string, access: AppAccess): AppSettings {
  const equals = text.indexOf("=");
  const target = text.slice(equals + 1);
  const upstream = parseTarget(target);
  const name = equals === -1 ? nameFor(upstream) : text.slice(0, equals);
  return { name: parseAppName(name), upstream, hosts: [], origins: [], access, openPaths: [] };
}

/** `3000` becomes `app-3000`, `nas:8080` becomes `nas`, `192.168.1.5:80` becomes `app-192-168-1-5`. */
function nameFor({ host, port }: AppSettings["upstream"]): string {
  if (host === "localhost" || host === "127.0.0.1" || host === "::1") return `app-${port}`;
  if (/^[\d.]+$|:/.test(host))
    return `app-${host.replaceAll(/[^0-9a-f]+/g, "-").replace(/-$/, "")}`;
  return host.split(".")[0] ?? host;
}
