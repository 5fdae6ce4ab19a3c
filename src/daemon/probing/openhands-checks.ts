/*
 * What doctor asks of an app of OpenHands: whether it is reached around the door, and, where the app is asked for by
 * its name, the readiness probe as a device would go. Called by diagnose.ts.
 */
import { type AroundApp } from "../../apps/openhands/probe/look-around.ts";
import { aroundChecks, probeChecks } from "../../apps/openhands/probe/checks.ts";
import { type Kind, recognise, type Recognised } from "../../apps/openhands/probe/recognise.ts";
import type { ProbeFacts } from "../../apps/openhands/probe/facts.ts";
import type { Wire } from "../../apps/openhands/probe/wire.ts";
import { keptKey } from "../../apps/openhands-run/folders.ts";
import type { Check } from "../../kernel/check.ts";
import { isOpenHands } from "../../model/preset.ts";
import { isLoopback } from "../../model/source.ts";
import type { AppStatus, DoorStatus } from "../control/protocol.ts";
import { placeOf } from "../probe.ts";
import { bridgeGateways } from "../sandboxes/machine.ts";
import { listListening } from "../../platform/listening.ts";
import type { Hands } from "../../platform/listeners.ts";
import type { Interfaces } from "../../platform/network.ts";
import type { Visit } from "./visit.ts";
import { straightTo, throughDoor } from "./wire.ts";

/** How deep an app that was named is looked into. */
export interface Probe {
  readonly isDeep: boolean;
  readonly visit: Visit;
  readonly note: (text: string) => void;
}

export interface OpenHandsWorld {
  readonly status: DoorStatus;
  readonly rootPem: string;
  readonly hands: Hands;
  /** Where Canvas' key is, if Genkan started it. */
  readonly keyFile: string;
  readonly interfaces: Interfaces;
  /** Undefined where no app was named: then nothing is asked of it. */
  readonly probe: Probe | undefined;
}

/** None for an app that is no OpenHands. */
export function checksOfOpenHands(app: AppStatus, world: OpenHandsWorld): Check[] {
  if (!isOpenHands(app.preset)) return [];
  const facts = world.probe && factsOf(app, world, world.probe);
  const around = aroundChecks(aroundOf(app, world, facts));
  return facts && world.probe ? [...probeChecks(facts, world.probe.isDeep), ...around] : around;
}

function factsOf(app: AppStatus, world: OpenHandsWorld, probe: Probe): ProbeFacts | undefined {
  const at = placeOf(world.status);
  const name = app.hosts[0];
  if (!at || name === undefined) return undefined;
  const bearer = async (): Promise<string | undefined> =>
    app.access === "open" ? undefined : probe.visit.token(app.name);
  const { origin } = new URL(app.url);
  const way = { at, name, origin, rootPem: world.rootPem, bearer };
  const door = throughDoor(way);
  let recognised: Promise<Recognised> | undefined;
  return {
    app: app.name,
    url: origin,
    upstream: app.upstream,
    door,
    direct: straightTo(app.upstream),
    elsewhere: (url) => atTheDoor(url, app, way),
    recognised: () => (recognised ??= recognise(door)),
    keptKey: async () => (isStartable(app) ? keptKey(world.keyFile) : undefined),
    note: probe.note,
    afterwards: (task) => probe.visit.afterwards(task),
  };
}

/** Where `genkan openhands start` would have put it: what it kept is shown to no other app. */
function isStartable({ name, upstream }: AppStatus): boolean {
  return name === "openhands" && /^http:\/\/(?:localhost|127\.0\.0\.1):/.test(upstream);
}

/** Another port of the app's name, or a name below it: never another host, whatever an app's answer says. */
function atTheDoor(
  { protocol, hostname, port }: URL,
  { hosts }: AppStatus,
  way: Parameters<typeof throughDoor>[0],
): Wire | undefined {
  const isOurs = hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
  if (protocol !== "https:" || !isOurs) return undefined;
  const at = { address: way.at.address, port: Number(port || 443) };
  return throughDoor({ ...way, at, name: hostname });
}

function aroundOf(
  { name, upstream, preset, sandboxes }: AppStatus,
  { hands, interfaces }: OpenHandsWorld,
  facts: ProbeFacts | undefined,
): AroundApp {
  const gateways = bridgeGateways(interfaces);
  const named: Kind | undefined =
    preset === "openhands@canvas" ? "canvas" : sandboxes[0]?.generation;
  const known: Kind | undefined =
    preset === "openhands@0.36" ? "0.36" : preset === "openhands@1" ? "1" : named;
  return {
    app: name,
    upstream,
    kind: async () => known ?? (facts && (await kindOf(facts))),
    listening: () => listListening(hands),
    isInside: (address) => isLoopback(address) || gateways.includes(address),
    gateway: gateways.find((address) => !address.includes(":")),
  };
}

async function kindOf({ recognised }: ProbeFacts): Promise<Kind | undefined> {
  const found = await recognised().catch(() => undefined); // its own check tells why
  return found?.is === "0.36" || found?.is === "1" || found?.is === "canvas" ? found.is : undefined;
}
