/*
 * `genkan openhands status`: every OpenHands of this machine, whoever started it, and how it can be reached around the door.
 */
import { USUAL_GENERATION } from "../../apps/openhands-run/generations.ts";
import {
  type ContainerSeen,
  type OpenHandsSeen,
  openHandsAmong,
  placesOf,
  sandboxesAmong,
  titleOf,
} from "../../apps/openhands-run/recognise.ts";
import type { Answer, Context } from "../command.ts";
import { minute } from "../when.ts";
import { engineOf } from "./engine.ts";

export async function status(context: Context): Promise<Answer> {
  const containers = await engineOf(context);
  const all = await containers.list();
  const gateway = await containers.gateway();
  const there = openHandsAmong(all, gateway);
  const sandboxes = sandboxesAmong(all).filter(({ isRunning }) => isRunning);
  const data = { openhands: there.map(dataOf), sandboxes: sandboxes.map(sandboxData) };
  if (there.length === 0) {
    const text =
      "There is no OpenHands in this machine's Docker. To start it: genkan openhands start";
    return { text, data, exit: 1 };
  }
  const text = [...there.map(linesOf), sandboxLines(sandboxes)].filter(Boolean).join("\n\n");
  return { text, data, exit: there.some(({ isRunning }) => isRunning) ? 0 : 1 };
}

function linesOf(seen: OpenHandsSeen): string {
  const is = seen.isRunning ? "runs" : "is stopped";
  const by = seen.isOurs ? "genkan" : "hand";
  const lines = [
    `${titleOf(seen)} ${is} (container ${seen.name}, made ${sinceOf(seen)} UTC, started by ${by})`,
    `  image      ${seen.image}`,
  ];
  if (seen.isRunning) lines.push(`  published  ${placesOf(seen.ports) || "nowhere"}`);
  if (seen.exposed.length > 0) lines.push(...warning(seen));
  return lines.join("\n");
}

function warning(seen: OpenHandsSeen): string[] {
  return [
    `  WARNING: everyone on the network reaches it around the door, without sign-in: ${placesOf(seen.exposed)}`,
    `  -> ${fixOf(seen)}`,
  ];
}

/** The same generation, on the same folders, published on loopback. */
function fixOf({ name, isOurs, generation }: OpenHandsSeen): string {
  const away = isOurs ? "genkan openhands stop" : `docker stop ${name}`;
  const which =
    generation === undefined || generation === USUAL_GENERATION
      ? ""
      : ` --generation ${generation}`;
  return `${away} && genkan openhands start${which}`;
}

function sandboxLines(sandboxes: readonly ContainerSeen[]): string {
  if (sandboxes.length === 0) return "";
  const rows = sandboxes.map(({ name, ports }) => `  ${name}  ${placesOf(ports)}`);
  return ["Sandboxes running:", ...rows].join("\n");
}

function sinceOf({ created }: ContainerSeen): string {
  return minute(new Date(created * 1000).toISOString());
}

function dataOf(seen: OpenHandsSeen): object {
  const { name, image, isOurs, isRunning, generation, tag, ports, exposed } = seen;
  const fix = exposed.length > 0 ? fixOf(seen) : null;
  const common = { container: name, image, tag, generation: generation ?? null };
  return { ...common, ours: isOurs, running: isRunning, made: sinceOf(seen), ports, exposed, fix };
}

function sandboxData({ name, ports }: ContainerSeen): object {
  return { container: name, ports };
}
