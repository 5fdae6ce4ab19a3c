/*
 * Everything the door should be, now. Made by compile.ts, never patched, applied by the engine.
 */
import type { AppAccess } from "./admission.ts";
import type { OpenPath } from "./open-paths.ts";
import type { PathPattern } from "./path-pattern.ts";
import type { PresetName } from "./preset.ts";
import type { Upstream } from "./target.ts";

export interface PlannedApp {
  readonly name: string;
  /** Every name it answers to; the first is the one shown to people. */
  readonly hosts: readonly string[];
  readonly upstream: Upstream;
  /** Who may open it; the gate is asked for everything but `open`. */
  readonly access: AppAccess;
  /** What everyone may open in it all the same. */
  readonly openPaths: readonly OpenPath[];
  readonly origins: readonly string[];
  /** What the door knows of it beyond where it listens; undefined for an app like any other. */
  readonly preset?: PresetName | undefined;
  /** Where its answers name ports of its sandboxes; undefined for an app that has none. */
  readonly sandboxes?: SandboxRules | undefined;
  /** Who says that there is this app, where it is not genkan.yaml. */
  readonly from?: string | undefined;
}

/** An app that starts programs of its own on ports the visitor's browser must reach (OpenHands). */
export interface SandboxRules {
  /** Paths whose JSON answers name such ports; they are read and rewritten, all others pass as they are. */
  readonly named: readonly PathPattern[];
  /**
   * What each sandbox port becomes: `ports`, the app's name on a port of the door (https://openhands.local:41234);
   * `hosts`, a name below the app's (https://41234.openhands.home.lan), where the person controls DNS.
   */
  readonly origins: SandboxOrigins;
  /**
   * Names of the cookies the app's own page is known to use. No others reach it: pages on its sandboxes' ports can set
   * cookies for its host in a visitor's browser, and browsers send them to every port of it.
   */
  readonly cookies: readonly string[];
}

export type SandboxOrigins = "ports" | "hosts";

export type Route =
  | { readonly kind: "app"; readonly host: string; readonly app: PlannedApp }
  /** The door's own pages. */
  | { readonly kind: "portal"; readonly host: string };

export interface Plan {
  readonly apps: readonly PlannedApp[];
  /** By host name, lower case. */
  readonly routes: ReadonlyMap<string, Route>;
}

/** The portal's names. */
export const PORTAL_HOSTS = ["genkan.local", "genkan.localhost"] as const;

/** The portal's name that people are shown: its own, or the one that stands in where another machine has that. */
export function portalHost({ routes }: Plan): string {
  const first = [...routes.values()].find(({ kind }) => kind === "portal");
  return first?.host ?? PORTAL_HOSTS[0];
}

/**
 * The portal where a visitor of this host signs in: of all its names the one nearest to the host, since what
 * resolves for the visitor there resolves here too.
 */
export function portalNear(plan: Plan | undefined, host: string): string {
  const names = [...(plan?.routes.values() ?? [])].flatMap((route) =>
    route.kind === "portal" ? route.host : [],
  );
  const above = host.slice(host.indexOf(".") + 1);
  const near = names.find((name) => name.slice(name.indexOf(".") + 1) === above);
  return near ?? names[0] ?? PORTAL_HOSTS[0];
}

/** At the host of an app, what is under here is the door's all the same; no app is asked for it. */
export const AT_APP = "/.genkan/";

/**
 * What the portal shows over plain http too: the page that brings a device to trust the root, and what
 * that page hands out. A device that does not trust the door yet could be shown nothing over https.
 */
export const PLAIN_PATHS: ReadonlySet<string> = new Set([
  "/",
  "/root.crt",
  "/root.pem",
  "/genkan.mobileconfig",
  "/trust.sh",
]);
