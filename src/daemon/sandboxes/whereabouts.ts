/*
 * Where a port that an app named really is: which address is dialled for it. What must stay true: nothing is dialled
 * but what the app's own host, this machine's loopback or a bridge's gateway has there, and where Docker knows of
 * sandboxes, what one of those publishes.
 */
import type { GenkanError } from "../../kernel/errors.ts";
import type { Upstream } from "../../model/target.ts";
import { accepts } from "../../platform/accepts.ts";
import { sandboxErrors } from "./errors.ts";
import { bridgeGateways, isOnThisMachine } from "./machine.ts";
import type { PublishedPort, SandboxContainers, SandboxesNeeds } from "./needs.ts";
import { type Naming, refusalOf } from "./refusal.ts";

export interface Whereabouts {
  readonly upstream: Upstream;
  /** Whether somebody accepts connections there now. A sandbox that is being started may not, yet. */
  readonly isHeard: boolean;
  /** Whose it is, where Docker knows. */
  readonly container: string | undefined;
}

export type Seeker = Pick<SandboxesNeeds, "containers" | "interfaces" | "listen" | "ports">;

/** Milliseconds; on this machine the answer comes at once, be it a refusal. */
const PATIENCE = 150;

/** Looks for it. @returns why it is not opened, where it is not. */
export async function seek(
  asked: Omit<Naming, "interfaces">,
  seeker: Seeker,
): Promise<Whereabouts | GenkanError> {
  const naming = { ...asked, interfaces: seeker.interfaces() };
  const refused = refusalOf(naming, seeker.listen);
  if (refused) return refused;
  const { app, place } = naming;
  const about = { app: app.name, port: place.port };
  const isLocal = isOnThisMachine(app.upstream.host, naming.interfaces);
  const docker = isLocal ? await askDocker(place.port, seeker.containers) : undefined;
  if (docker === "nobody's") return sandboxErrors.SANDBOX_PORT_NOT_PUBLISHED(about);
  const hosts = docker ? [docker.host] : candidates(naming, isLocal);
  const allowed = hosts.filter((host) => !isDoor(host, place.port, seeker));
  const found = await firstHeard(allowed, place.port);
  if (!found) return sandboxErrors.SANDBOX_PORT_NOT_A_SANDBOX(about);
  return { ...found, container: docker?.container };
}

interface OfDocker {
  readonly container: string;
  readonly host: string;
}

/** Published everywhere, it is dialled here. */
const DIALLED: Readonly<Record<string, string>> = {
  "0.0.0.0": "127.0.0.1",
  "::": "::1",
  "": "127.0.0.1",
};

export function dialledAt({ address }: PublishedPort): string {
  return DIALLED[address] ?? address;
}

/**
 * Whose port it is. Undefined where Docker cannot be asked, or runs no sandboxes at all: they may be no containers
 * (`RUNTIME=process`), or another Docker's.
 */
async function askDocker(
  port: number,
  containers: SandboxContainers | undefined,
): Promise<OfDocker | "nobody's" | undefined> {
  const find = (): OfDocker | undefined => {
    const found = containers?.published()?.find((each) => each.port === port);
    return found && { container: found.container, host: dialledAt(found) };
  };
  const known = find();
  if (known || !containers?.published()) return known;
  await containers.look();
  const published = containers.published() ?? [];
  return find() ?? (published.length > 0 ? "nobody's" : undefined);
}

/** Where it may be, the likeliest first. */
function candidates({ app, place, interfaces }: Naming, isLocal: boolean): string[] {
  const { host } = app.upstream;
  if (!isLocal) return [host];
  // A name leads to the door itself, and `localhost` is one of the two that come.
  const addresses = [place.host, host].filter(
    (each) => /^[\d.]+$|:/.test(each) && each !== "0.0.0.0",
  );
  return [...new Set([...addresses, "127.0.0.1", "::1", ...bridgeGateways(interfaces)])];
}

/** Whether the door listens there itself, for this or another sandbox. */
function isDoor(host: string, port: number, { listen, ports }: Seeker): boolean {
  if (!ports.list().some(({ doorPort }) => doorPort === port)) return false;
  const everywhere = host.includes(":") ? ["::"] : ["::", "0.0.0.0"];
  return [...everywhere, host].some((address) => listen.addresses.includes(address));
}

/** The first of them where somebody listens; the very first where nobody does yet. */
async function firstHeard(
  hosts: readonly string[],
  port: number,
): Promise<Omit<Whereabouts, "container"> | undefined> {
  const heard = await Promise.all(hosts.map((host) => accepts(host, port, PATIENCE)));
  const at = heard.indexOf(true);
  const host = hosts[Math.max(at, 0)];
  if (host === undefined) return undefined;
  return { upstream: { scheme: "http", host, port, insecure: false }, isHeard: at !== -1 };
}
