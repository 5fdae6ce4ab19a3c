/*
 * Small requests, again and again: CPU time, rate and latency. wrk for HTTP/1.1, h2load for HTTP/2.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cpuOf, run } from "../machine.ts";
import { HOST, type Stage, urlOf } from "../peer.ts";

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
}

/** @throws where not one request was answered. */
export async function measureRequests(pid: number, stage: Stage, asked: Asked): Promise<Rate> {
  const before = cpuOf(pid);
  const load = await (asked.isHttp2 ? loadHttp2(stage, asked) : loadHttp1(stage, asked));
  const cpu = cpuOf(pid) - before;
  if (!(load.requests > 0)) throw new Error("no request was answered");
  return { ...load, cpuPerRequest: cpu / load.requests };
}

async function loadHttp1({ port }: Stage, { path, seconds }: Asked): Promise<Load> {
  const url = `https://127.0.0.1:${port}${path}`;
  const how = ["-t1", "-c32", `-d${seconds}s`, "--latency", "-H", `Host: ${HOST}`];
  const out = await run(["wrk", ...how, url]);
  if (/Non-2xx|Socket errors/.test(out)) throw new Error(out);
  return {
    requests: Number(/(\d+) requests in/.exec(out)?.[1]),
    perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(out)?.[1]),
    p50: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(out)),
    p99: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(out)),
  };
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };

function milliseconds(found: RegExpExecArray | null): number {
  return Number(found?.[1]) * (UNITS[found?.[2] ?? ""] ?? Number.NaN);
}

async function loadHttp2(stage: Stage, { path, seconds }: Asked): Promise<Load> {
  const log = join(stage.dir, "h2load.log");
  const to = `--connect-to=127.0.0.1:${stage.port}`;
  const how = ["-t1", "-c4", "-m8", "-D", String(seconds), `--log-file=${log}`, to];
  const out = await run(["h2load", ...how, urlOf(stage, path)]);
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
