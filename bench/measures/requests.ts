/*
 * Small requests, again and again: CPU time, rate and latency, 32 at a time.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cpuOf, run } from "../machine.ts";
import { type Stage, urlOf } from "../peer.ts";

export interface Rate {
  /** Microseconds. */
  readonly cpuPerRequest: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Asked {
  readonly path: string;
  readonly isHttp2: boolean;
  readonly seconds: number;
  /** Another host than `HOST`, and who asks. */
  readonly host?: string;
  readonly cookie?: string;
}

/** @throws where not one request was answered. */
export async function measureRequests(pid: number, stage: Stage, asked: Asked): Promise<Rate> {
  const before = cpuOf(pid);
  const load = await loadBy(stage, asked);
  const cpu = cpuOf(pid) - before;
  if (!(load.requests > 0)) throw new Error("no request was answered");
  return { ...load, cpuPerRequest: cpu / load.requests };
}

/** Of both protocols h2load is the one tool that names the host in its handshake, as every browser does. */
async function loadBy(stage: Stage, asked: Asked): Promise<Load> {
  const { path, isHttp2, seconds, host, cookie } = asked;
  const log = join(stage.dir, "h2load.log");
  const to = `--connect-to=127.0.0.1:${stage.port}`;
  const atOnce = isHttp2 ? ["-c4", "-m8"] : ["--h1", "-c32"];
  const how = ["-t1", ...atOnce, "-D", `${seconds * 1000}ms`, `--log-file=${log}`, to];
  const who = cookie === undefined ? [] : ["-H", `cookie: ${cookie}`];
  const out = await run(["h2load", ...how, ...who, urlOf(stage, path, host)]);
  const [, done, succeeded] = /(\d+) done, (\d+) succeeded/.exec(out) ?? [];
  if (done !== succeeded || done === undefined) throw new Error(out);
  // One line per request: when it began, its status, and how long it took in microseconds.
  const lines = (await readFile(log, "utf8")).trim().split("\n");
  await rm(log);
  const took = lines.map((line) => Number(line.split("\t")[2]) / 1000).toSorted((a, b) => a - b);
  return {
    requests: Number(done),
    perSecond: Number(done) / seconds,
    p50: took[took.length >> 1] ?? Number.NaN,
    p99: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
  };
}
