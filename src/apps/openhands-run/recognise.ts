/*
 * Which containers are OpenHands, which of them is ours, and which of their ports anybody on the network reaches.
 * Pure, over what Docker lists; start, stop and status ask it.
 */
import { isIP } from "node:net";
import { factsOf, type Generation, isGeneration } from "./generations.ts";
import { CONTAINER_NAME, LABELS } from "./run-spec.ts";

/** A container as Docker lists it, reduced to what is asked here. */
export interface ContainerSeen {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly isRunning: boolean;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PublishedPort[];
}

export interface PublishedPort {
  /** `0.0.0.0`, `::`, `127.0.0.1`, `172.17.0.1` */
  readonly address: string;
  readonly port: number;
  readonly inside: number;
}

export interface OpenHandsSeen extends ContainerSeen {
  readonly isOurs: boolean;
  /** Undefined where neither label nor image tells. */
  readonly generation: Generation | undefined;
  readonly tag: string;
  /** Ports that devices of the network reach without the door. */
  readonly exposed: readonly PublishedPort[];
}

const BY_IMAGE: readonly (readonly [RegExp, Generation])[] = [
  [/(?:^|\/)openhands\/agent-canvas(?=[:@]|$)/, "canvas"],
  [/(?:^|\/)all-hands-ai\/openhands(?=[:@]|$)/, "0.36"],
  [/(?:^|\/)openhands\/openhands:0\./, "0.36"],
  [/(?:^|\/)openhands\/openhands(?=[:@]|$)/, "1"],
];

/** Its makers' own commands call the app so, whatever image it was made of. */
const USUAL_NAME = "openhands-app";
const SANDBOX = /^(?:openhands-runtime-|oh-agent-server-)/;

export function openHandsAmong(
  containers: readonly ContainerSeen[],
  gateway: string,
): OpenHandsSeen[] {
  return containers.flatMap((seen) => {
    const isOurs = seen.name === CONTAINER_NAME && seen.labels[LABELS.managed] === "openhands";
    const generation = generationOf(seen, isOurs);
    if (SANDBOX.test(seen.name)) return [];
    if (generation === undefined && seen.name !== USUAL_NAME && !isOurs) return [];
    const exposed = seen.ports.filter(({ address }) => isExposed(address, gateway));
    return [{ ...seen, isOurs, generation, tag: tagOf(seen.image), exposed }];
  });
}

/** Containers OpenHands starts for its conversations. */
export function sandboxesAmong(containers: readonly ContainerSeen[]): ContainerSeen[] {
  return containers.filter(({ name }) => SANDBOX.test(name));
}

export function titleOf({ generation, tag }: Pick<OpenHandsSeen, "generation" | "tag">): string {
  const name = generation === "canvas" ? "Agent Canvas" : "OpenHands";
  if (/^\d/.test(tag)) return `${name} ${tag}`;
  return generation === undefined ? name : `${name} (as ${factsOf(generation).title})`;
}

/** `0.0.0.0:3000, [::]:3000` */
export function placesOf(ports: readonly PublishedPort[]): string {
  const places = ports.map(({ address, port }) =>
    isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return [...new Set(places)].join(", ");
}

function generationOf({ image, labels }: ContainerSeen, isOurs: boolean): Generation | undefined {
  const said = labels[LABELS.generation];
  if (isOurs && isGeneration(said)) return said;
  return BY_IMAGE.find(([pattern]) => pattern.test(image))?.[1];
}

function tagOf(image: string): string {
  return /:([\w.-]+)(?:@|$)/.exec(image)?.[1] ?? "latest";
}

/** Whether an address a port is published on is any other than this machine's own loopback and Docker's bridge. */
function isExposed(address: string, gateway: string): boolean {
  return !/^127\.|^::1$/.test(address) && address !== gateway;
}
