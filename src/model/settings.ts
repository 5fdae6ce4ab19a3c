/*
 * What the person asked for, checked and complete. config/schema.ts is the only home of defaults.
 */
import type { AppAccess } from "./admission.ts";
import type { OpenPath } from "./open-paths.ts";
import type { SandboxOrigins } from "./plan.ts";
import type { PresetName } from "./preset.ts";
import type { Upstream } from "./target.ts";

export interface AppSettings {
  readonly name: string;
  readonly upstream: Upstream;
  /** Further names beside `<name>.local`. */
  readonly hosts: readonly string[];
  /** Who may open it. */
  readonly access: AppAccess;
  /** What everyone may open in it all the same, in parseOpenPath's spelling. */
  readonly openPaths: readonly OpenPath[];
  /** Other sites whose pages may change things here or open WebSockets, in parseOrigin's spelling. */
  readonly origins: readonly string[];
  /** What the door knows of it beyond where it listens. */
  readonly preset?: PresetName | undefined;
  /** What the ports of its sandboxes become; undefined means `ports`. */
  readonly sandboxOrigins?: SandboxOrigins | undefined;
  /** Who says that there is this app, where it is not genkan.yaml: `command line`, `docker container web`. */
  readonly from?: string | undefined;
}

type AuthorityKind = "own" | "mkcert";

/** The door as a name server of a zone of its own. */
export interface DnsSettings {
  readonly zone: string;
  readonly port: number;
  /** Where it listens; empty means the door's addresses. */
  readonly addresses: readonly string[];
}

/**
 * `auto`: Genkan's own labels, where Docker is there. True: also what containers tell other proxies, and Docker
 * should be there. False: Docker is not asked.
 */
export type DockerSetting = boolean | "auto";

export interface Settings {
  readonly authority: AuthorityKind;
  readonly engine: "node" | "nginx";
  /** Addresses to listen on; empty means every address of this machine. */
  readonly addresses: readonly string[];
  /** Undefined means 443, or 8443 where this user may not bind it. */
  readonly httpsPort: number | undefined;
  /** Undefined means 80, or 8080 where this user may not bind it. */
  readonly httpPort: number | undefined;
  /** Domains beyond the home ones that a new authority may vouch for. */
  readonly domains: readonly string[];
  /** Undefined means that the door answers no DNS. */
  readonly dns: DnsSettings | undefined;
  /** Whose word counts of Docker's containers; undefined means `auto`. */
  readonly docker?: DockerSetting | undefined;
  readonly apps: readonly AppSettings[];
}
