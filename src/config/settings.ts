/*
 * A checked configuration file -> Settings: short forms written out, every name and target in its one
 * spelling. Pure, and free of zod; edit.ts reads single apps with it.
 */
import { DEFAULT_ACCESS } from "../model/access.ts";
import type { AppAccess } from "../model/admission.ts";
import { parseAddress, parseAppName, parseHostname } from "../model/hostname.ts";
import { parseOpenPath } from "../model/open-paths.ts";
import { parseOrigin } from "../model/origin.ts";
import type { SandboxOrigins } from "../model/plan.ts";
import type { PresetName } from "../model/preset.ts";
import { parseDomain } from "../model/scope.ts";
import type { AppSettings, Settings } from "../model/settings.ts";
import { parseTarget } from "../model/target.ts";
import { parseZone } from "../model/zone.ts";
import type { ConfigFile } from "./schema.ts";

/** An app as the file has it: the short form, or a block. */
export type AppEntry = number | string | AppBlock;

interface AppBlock {
  readonly target: number | string;
  readonly hosts?: readonly string[] | undefined;
  readonly insecure?: boolean | undefined;
  readonly access?: AppAccess | undefined;
  readonly open_paths?: readonly string[] | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly preset?: PresetName | undefined;
  readonly sandbox_origins?: SandboxOrigins | undefined;
}

/** @throws GenkanErrors for what the schema and the names' rules would have refused. */
export function toSettings(file: ConfigFile): Settings {
  return {
    authority: file.authority,
    engine: file.engine,
    addresses: unique(file.addresses.map(parseAddress)),
    httpsPort: file.https_port,
    httpPort: file.http_port,
    domains: unique(file.domains.map(parseDomain)),
    dns: file.dns && {
      zone: parseZone(file.dns.zone),
      port: file.dns.port,
      addresses: unique(file.dns.addresses.map(parseAddress)),
    },
    docker: file.docker,
    apps: Object.entries(file.apps ?? {}).map(([name, entry]) => toApp(name, entry)),
  };
}

/** One app of the file. @throws as toSettings */
export function toApp(name: string, entry: AppEntry): AppSettings {
  const block = typeof entry === "object" ? entry : { target: entry };
  return {
    name: parseAppName(name),
    upstream: { ...parseTarget(String(block.target)), insecure: block.insecure ?? false },
    hosts: unique((block.hosts ?? []).map(parseHostname)),
    access: block.access ?? DEFAULT_ACCESS,
    openPaths: unique(block.open_paths ?? []).map(parseOpenPath),
    origins: unique((block.origins ?? []).map(parseOrigin)),
    preset: block.preset,
    sandboxOrigins: block.sandbox_origins,
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
