/*
 * `genkan openhands start`: from the person's wish and this machine to a container that answers, and its name at the door.
 */
import { resolve } from "node:path";
import { commandLine } from "../../apps/openhands-run/command-line.ts";
import { runErrors } from "../../apps/openhands-run/errors.ts";
import {
  canvasUser,
  keepKey,
  keyFileIn,
  makeFolders,
  missingFolders,
} from "../../apps/openhands-run/folders.ts";
import { factsOf, isGeneration, USUAL_GENERATION } from "../../apps/openhands-run/generations.ts";
import type { Containers } from "../../apps/openhands-run/needs.ts";
import { progressText } from "../../apps/openhands-run/pull-progress.ts";
import { USUAL_GATEWAY } from "../../apps/openhands-run/read-docker.ts";
import { type OpenHandsSeen, openHandsAmong, titleOf } from "../../apps/openhands-run/recognise.ts";
import {
  LABELS,
  type MachineFacts,
  type RunSpec,
  runSpec,
  stateFolder,
  type Wish,
} from "../../apps/openhands-run/run-spec.ts";
import { type Outcome, startOpenHands } from "../../apps/openhands-run/start.ts";
import { statusIfOpen } from "../../daemon/control/client.ts";
import { GenkanError } from "../../kernel/errors.ts";
import {
  type Answer,
  type Context,
  flagOption,
  type Input,
  numberOption,
  type Options,
  textOption,
} from "../command.ts";
import { follow } from "../follow.ts";
import { APP, putApp, refuseOtherApp } from "./app.ts";
import { engineOf, holderOf } from "./engine.ts";

/** Milliseconds until it must answer as it does when ready; a first start migrates and unpacks. */
const PATIENCE = 180_000;

export async function start(context: Context, { options }: Input): Promise<Answer> {
  const isPrinting = flagOption(options, "print");
  const seen = await lookAround(context, isPrinting);
  const wish = wishOf(options, seen.there);
  const spec = runSpec(wish, await machineOf(context, wish, seen));
  if (textOption(options, "generation") === undefined) await tellOthers(context, wish, seen.there);
  if (isPrinting) return printed(context, spec);
  refuseRootless(seen, spec);
  const port = spec.publish[0]?.port ?? 0;
  const wanted = { port, preset: factsOf(wish.generation).preset };
  await refuseOtherApp(context, wanted);
  const outcome = await startOpenHands(spec, {
    containers: seen.containers,
    gateway: seen.gateway,
    signal: context.signal,
    patience: PATIENCE,
    note: context.note,
    onPull: pullTeller(context),
    holderOf: (at) => holderOf(at, context),
    prepare: (ready) => prepare(ready, context),
    whenReady: () => putApp(context, wanted),
  });
  return ready(context, spec, outcome);
}

interface Seen {
  readonly containers: Containers;
  readonly gateway: string;
  readonly docker: MachineFacts["docker"];
  readonly isRootless: boolean;
  readonly there: readonly OpenHandsSeen[];
}

/** @param isPrinting then no Docker is needed, and it is guessed what it would say */
async function lookAround(context: Context, isPrinting: boolean): Promise<Seen> {
  const { host } = context;
  const containers = await engineOf(context);
  try {
    const { kind, isRootless } = await containers.facts();
    const gateway = await containers.gateway();
    const there = openHandsAmong(await containers.list(), gateway);
    return { containers, gateway, docker: kind, isRootless, there };
  } catch (thrown) {
    if (!isPrinting || !(thrown instanceof GenkanError)) throw thrown;
    context.note(`${thrown.message} The bridge's gateway is taken to be ${USUAL_GATEWAY}.`);
    const docker = host.os === "linux" ? "engine" : "desktop";
    return { containers, gateway: USUAL_GATEWAY, docker, isRootless: false, there: [] };
  }
}

/** What is not said is as the container that is there already has it. */
function wishOf(options: Options, there: readonly OpenHandsSeen[]): Wish {
  const named = textOption(options, "generation");
  const ours = there.find(({ isOurs }) => isOurs);
  const generation = isGeneration(named) ? named : (ours?.generation ?? USUAL_GENERATION);
  const isSame = ours?.generation === generation;
  const kept = (label: string) => (isSame ? ours?.labels[label] : undefined);
  const projects = textOption(options, "projects");
  const port = Number(kept(LABELS.port)) || undefined;
  return {
    generation,
    port: numberOption(options, "port") ?? port,
    projects: projects === undefined ? kept(LABELS.projects) : resolve(projects),
  };
}

async function machineOf(context: Context, wish: Wish, seen: Seen): Promise<MachineFacts> {
  const { host, paths } = context;
  const where = { os: host.os, home: host.home };
  const status = await statusIfOpen(paths);
  const url = status?.apps.find(({ name }) => name === APP)?.url;
  const needsUser = wish.generation === "canvas" && seen.docker === "engine";
  const folder = stateFolder(wish.generation, where);
  const user = seen.isRootless ? "0:0" : await (needsUser ? canvasUser(folder, host) : undefined);
  return {
    ...where,
    docker: seen.docker,
    gateway: seen.gateway,
    // Inside Docker's virtual machine it is always here, whatever its name outside.
    socket: seen.docker === "desktop" ? "/var/run/docker.sock" : seen.containers.socket,
    doorUrl: url ?? `https://${APP}.local`,
    keyFile: keyFileIn(paths.state),
    user,
  };
}

/** Nobody said which generation: what points to another one is named, with the way there. */
async function tellOthers(
  { note, host }: Context,
  { generation }: Wish,
  there: readonly OpenHandsSeen[],
): Promise<void> {
  for (const seen of there) {
    if (seen.isOurs || seen.generation === undefined || seen.generation === generation) continue;
    note(
      `There is a container ${seen.name} with ${titleOf(seen)}. To go on with that: genkan openhands start --generation ${seen.generation}`,
    );
  }
  const old = stateFolder("0.36", host);
  const isThere = (await missingFolders([old])).length === 0;
  if (isThere && generation !== "0.36") {
    note(
      `${old} holds the state of OpenHands 0.x, which ${factsOf(generation).title} does not read. To go on with that: genkan openhands start --generation 0.36`,
    );
  }
}

function refuseRootless({ isRootless }: Seen, { generation }: RunSpec): void {
  const { startsSandboxes, title } = factsOf(generation);
  if (isRootless && startsSandboxes) throw runErrors.OPENHANDS_DOCKER_ROOTLESS({ title });
}

async function prepare(spec: RunSpec, { host }: Context): Promise<readonly string[]> {
  await makeFolders(sourcesOf(spec), host.home);
  return spec.envFile === undefined ? [] : [await keepKey(spec.envFile)];
}

/** That for projects also where it is not the app's container that is handed it, but its sandboxes. */
function sourcesOf({ folders, labels }: RunSpec): string[] {
  const projects = labels[LABELS.projects];
  const sources = folders.map(({ source }) => source);
  return [...new Set(projects === undefined ? sources : [...sources, projects])];
}

/** On a terminal one line that changes; elsewhere a line for every tenth. */
function pullTeller({ progress, note }: Context): (at: Parameters<typeof progressText>[0]) => void {
  let told = 0;
  return (at) => {
    if (progress(progressText(at))) return;
    const tenth = at.total === 0 ? 0 : Math.floor((at.bytes / at.total) * 10);
    if (tenth <= told) return;
    told = tenth;
    note(`  ${progressText(at)}`);
  };
}

/** The key is made here too: the command needs its file. */
async function printed({ host, note }: Context, spec: RunSpec): Promise<Answer> {
  if (spec.envFile !== undefined) {
    await keepKey(spec.envFile);
    note(`Its key is in ${spec.envFile}, for you alone.`);
  }
  const command = commandLine(spec, host.os, await missingFolders(sourcesOf(spec)));
  return { text: command, data: { ...dataOf(spec), command } };
}

async function ready(context: Context, spec: RunSpec, outcome: Outcome): Promise<Answer> {
  const { title, landing } = factsOf(spec.generation);
  const door = await follow(context);
  const origin = door.appOf(APP)?.url ?? `https://${APP}.local`;
  const url = landing === "/" ? origin : `${origin}${landing}`;
  const how = outcome === "running" ? "runs already" : "is ready";
  const command = commandLine(spec, context.host.os);
  const lines = [`${title} ${how}: ${url}`, door.says, "", "As run:", command];
  return { text: lines.join("\n"), data: { ...dataOf(spec), outcome, url, command } };
}

function dataOf({ generation, image, name, publish }: RunSpec): object {
  return { generation, image, container: name, publish };
}
