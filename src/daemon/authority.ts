/*
 * The authority the settings ask for: the home's own, made on first need, or the mkcert root that
 * is there already.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Settings } from "../model/settings.ts";
import type { Host } from "../platform/host.ts";
import type { Paths } from "../platform/paths.ts";
import { type Authority, createAuthority, openAuthority } from "../pki/authority.ts";
import { openMkcert } from "../pki/mkcert.ts";

export interface AuthorityWorld {
  readonly host: Host;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens it, or makes the home's own where there is none. @throws PKI_... */
export async function openAuthorityFor(
  settings: Pick<Settings, "authority" | "domains">,
  world: AuthorityWorld,
): Promise<Authority> {
  const there = await findAuthority(settings, world);
  if (there) return there;
  const { host, paths, clock, log } = world;
  const { domains } = settings;
  return createAuthority({ dir: paths.pki, clock, log, domains, label: host.name });
}

/** Opens it, or undefined where the home has none yet. @throws PKI_... */
export async function findAuthority(
  settings: Pick<Settings, "authority">,
  { host, paths, clock, log }: AuthorityWorld,
): Promise<Authority | undefined> {
  const dir = paths.pki;
  if (settings.authority === "mkcert") return openMkcert({ host, dir, clock, log });
  return openAuthority({ dir, clock, log });
}
