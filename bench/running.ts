/*
 * All peers running side by side while a measure is taken; a peer that fails is told of, and the others go on.
 */
import type { Started } from "./machine.ts";
import { answered } from "./measures/answers.ts";
import { HOST, type Peer, type Stage } from "./peer.ts";
import type { Results } from "./results.ts";
import type { House } from "./stage.ts";

interface Pace {
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  /** Of a large transfer. */
  readonly bytes: number;
  /** Idle WebSockets. */
  readonly sockets: number;
}

export interface Job {
  readonly house: House;
  readonly peers: readonly Peer[];
  readonly results: Results;
  readonly pace: Pace;
}

export type Part = (job: Job) => Promise<void>;

export interface Running {
  readonly peer: Peer;
  readonly name: string;
  readonly stage: Stage;
  readonly pid: number;
  /** Says of a proxy that cannot go on that it ended, and of one that can why it failed. */
  readonly fate: (why: string) => string;
}

const ENDED = "ended by itself";

/** Starts all peers, does the work, and ends them. A peer that does not start is told of and left out. */
export async function withPeers(
  job: Job,
  work: (all: readonly Running[]) => Promise<void>,
): Promise<void> {
  const all: Running[] = [];
  const started: Started[] = [];
  try {
    for (const peer of job.peers) {
      const stage = await job.house.stage();
      const one = await peer.start(stage);
      started.push(one);
      const fate = (why: string): string => (one.isAlive() ? why : ENDED);
      const running = { peer, name: peer.name, stage, pid: one.pid, fate };
      if (
        await tried(
          () => answered(stage, HOST),
          (why) => noteFailure(running, why),
        )
      ) {
        all.push(running);
      }
    }
    await work(all);
  } finally {
    for (const one of started) await one.stop();
  }
}

export function noteFailure({ name }: { name: string }, why: string): void {
  console.error(`${name}: ${why}`);
}

/** Whether it went well; what is thrown is handed on as a text. */
export async function tried(
  work: () => Promise<void>,
  onFailure: (why: string) => void,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    onFailure(thrown instanceof Error ? thrown.message : String(thrown));
    return false;
  }
}
