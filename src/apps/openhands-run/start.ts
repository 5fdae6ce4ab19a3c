/*
 * Starts OpenHands and waits until it answers as it should. Whatever it finds - nothing, a container left midway,
 * one that runs - it goes on from there; what it began itself is taken away where it fails.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../kernel/errors.ts";
import { runErrors } from "./errors.ts";
import { factsOf } from "./generations.ts";
import { whyNotReady } from "./ready.ts";
import type { Containers, PullProgress } from "./needs.ts";
import {
  type ContainerSeen,
  type OpenHandsSeen,
  openHandsAmong,
  placesOf,
  titleOf,
} from "./recognise.ts";
import { CONTAINER_NAME, LABELS, type RunSpec } from "./run-spec.ts";

export interface StartWorld {
  readonly containers: Containers;
  readonly gateway: string;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for readiness. */
  readonly patience: number;
  readonly note: (text: string) => void;
  readonly onPull: (progress: PullProgress) => void;
  /** Who listens at a port already, as part of a sentence; undefined where nobody does. */
  readonly holderOf: (at: { address: string; port: number }) => Promise<string | undefined>;
  /** Makes folders and key, just before they are needed. @returns secrets as NAME=value */
  readonly prepare: (spec: RunSpec) => Promise<readonly string[]>;
  /** The last step, such as giving it a name at the door; where it throws, all is undone. */
  readonly whenReady: () => Promise<void>;
}

export type Outcome = "started" | "running";

/** @throws OPENHANDS_* with nothing left half */
export async function startOpenHands(spec: RunSpec, world: StartWorld): Promise<Outcome> {
  const all = await world.containers.list();
  const there = openHandsAmong(all, world.gateway);
  const named = all.find(({ name }) => name === CONTAINER_NAME);
  const ours = there.find(({ isOurs }) => isOurs);
  if (named && !ours) {
    throw runErrors.OPENHANDS_NAME_TAKEN({ name: named.name, image: named.image });
  }
  refuseSecond(spec, there);
  if (ours?.isRunning) {
    refuseOther(spec, ours);
    await finish(ours.id, spec, world);
    return "running";
  }
  await refuseTakenPorts(spec, all, world);
  await anew(spec, world, ours?.id);
  return "started";
}

/**
 * @param left one that does not run. It is not started again but made anew: it kept nothing (state and projects are
 * folders) and may have been made with a key, an address or a gateway that is no more
 */
async function anew(spec: RunSpec, world: StartWorld, left: string | undefined): Promise<void> {
  const { containers, signal } = world;
  const secrets = await world.prepare(spec);
  if (!(await containers.hasImage(spec.image))) {
    world.note(`Bringing ${spec.image} (several GB the first time)`);
    await containers.pull(spec.image, world.onPull, signal);
  }
  refuseIfStopped(signal);
  if (left !== undefined) await containers.remove(left);
  const id = await containers.create(spec, secrets);
  await undoing(id, world, async () => {
    await containers.start(id, spec);
    await finish(id, spec, world);
  });
}

async function finish(id: string, spec: RunSpec, world: StartWorld): Promise<void> {
  await waitUntilReady(id, spec, world);
  await world.whenReady();
}

/** Does it, and where it fails takes the container away again. */
async function undoing(id: string, world: StartWorld, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    world.note(
      await world.containers.remove(id).then(
        () => "What was begun is taken away again.",
        (left: unknown) =>
          `What was begun could not be taken away (${messageOf(left)}): docker rm -f ${CONTAINER_NAME}`,
      ),
    );
    throw thrown;
  }
}

/** Milliseconds between two looks. */
const BETWEEN_LOOKS = 500;

async function waitUntilReady(id: string, spec: RunSpec, world: StartWorld): Promise<void> {
  const { containers, patience, signal } = world;
  const { title } = factsOf(spec.generation);
  const port = spec.publish[0]?.port ?? 0;
  const until = performance.now() + patience;
  const before = await containers.state(id); // Docker counts its restarts of weeks ago too
  for (;;) {
    refuseIfStopped(signal);
    const { isRunning, restarts, exitCode } = await containers.state(id);
    if (!isRunning || restarts > before.restarts) {
      const lines = await containers.lastWords(id);
      // Docker tells 0 of one that runs once more, whatever it ended with.
      const how = isRunning ? "Docker had started it again already" : `exit code ${exitCode}`;
      throw runErrors.OPENHANDS_ENDED({ title, how, lines });
    }
    const why = await whyNotReady(spec.generation, port);
    if (why === undefined) return;
    if (performance.now() > until) {
      const seconds = String(Math.round(patience / 1000));
      const lines = await containers.lastWords(id);
      throw runErrors.OPENHANDS_NOT_READY({ title, seconds, why, lines });
    }
    await sleep(BETWEEN_LOOKS, undefined, { signal }).catch(() => undefined); // told at the next look
  }
}

function refuseIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw runErrors.OPENHANDS_STOPPED_MIDWAY({});
}

/** Another's container of this generation uses the same state folder. */
function refuseSecond({ generation }: RunSpec, there: readonly OpenHandsSeen[]): void {
  const other = there.find(
    (seen) => !seen.isOurs && seen.isRunning && seen.generation === generation,
  );
  if (!other) return;
  const where = placesOf(other.ports) || "no port";
  throw runErrors.OPENHANDS_STARTED_BY_HAND({
    container: other.name,
    title: titleOf(other),
    where,
  });
}

function isAsWished(spec: RunSpec, ours: OpenHandsSeen): boolean {
  const names = [LABELS.generation, LABELS.port, LABELS.projects];
  return (
    ours.image === spec.image && names.every((name) => ours.labels[name] === spec.labels[name])
  );
}

function refuseOther(spec: RunSpec, ours: OpenHandsSeen): void {
  if (isAsWished(spec, ours)) return;
  const projects = ours.labels[LABELS.projects];
  const how = `${titleOf(ours)} on ${placesOf(ours.ports)}${projects ? `, projects in ${projects}` : ""}`;
  throw runErrors.OPENHANDS_RUNS_OTHERWISE({ how });
}

/** Asked before gigabytes are brought for nothing. */
async function refuseTakenPorts(
  spec: RunSpec,
  all: readonly ContainerSeen[],
  world: StartWorld,
): Promise<void> {
  for (const { address, port } of spec.publish) {
    const holder = await world.holderOf({ address, port });
    if (holder === undefined) continue;
    const container = all.find(({ ports }) => ports.some((published) => published.port === port));
    if (container?.name === CONTAINER_NAME) continue; // paused, say: it goes before the new one comes
    const who = container ? `the container ${container.name}` : holder;
    const { generation } = spec;
    throw runErrors.OPENHANDS_PORT_TAKEN({ at: `${address}:${port}`, who, generation });
  }
}
