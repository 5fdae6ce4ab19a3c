/*
 * What the benchmark asks of every proxy it measures. One file in peers/ for each.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Started } from "./machine.ts";

export interface Peer {
  /** As in the table. */
  readonly name: string;
  /** Whether it takes HTTP/2 from visitors in this configuration. */
  readonly hasHttp2: boolean;
  /** What it calls its version. @throws where it is not installed. */
  version(): Promise<string>;
  /** Starts it on the proxy's core; resolves at once, whether it answers yet or not. */
  start(stage: Stage): Promise<Started>;
  /** With an app that is not for everyone, at `GUARDED`, beside the one at `HOST`. */
  readonly gate?: {
    start(stage: Stage): Promise<Started>;
    /** What a visitor who may open it sends as `Cookie`. */
    cookie(stage: Stage): Promise<string>;
  };
  /** With an app that has sandboxes, at `SANDBOXED`, beside the one at `HOST`. */
  readonly sandboxes?: {
    start(stage: Stage): Promise<Started>;
  };
  /** With 10,000 names, where it can be told about a new one while it runs. */
  readonly routes?: {
    start(stage: Stage, hosts: readonly string[]): Promise<Started>;
    /** Adds a name to those it was started with and asks it to follow. */
    add(stage: Stage, hosts: readonly string[], started: Started): Promise<void>;
  };
}

/** Where a peer runs: what it may use and what it has to be. */
export interface Stage {
  /** A folder of its own. */
  readonly dir: string;
  readonly port: number;
  readonly plainPort: number;
  readonly appPort: number;
  readonly files: Certificates;
}

export interface Certificates {
  /** ECDSA P-256, what Genkan makes too. */
  readonly cert: string;
  readonly key: string;
  /** RSA 2048, what mkcert makes unless told otherwise. */
  readonly mkcertCert: string;
  readonly mkcertKey: string;
}

/** The name every peer answers to. */
export const HOST = "bench.local";
export const GUARDED = "guarded.local";
export const SANDBOXED = "sandboxed.local";
/** By port: proxies look for `HOST` and nothing else. */
export const urlOf = ({ port }: Stage, path: string, host = HOST): string =>
  `https://${host}:${port}${path}`;

/** What a program says of its version, by a pattern with one group. @throws where it is not installed. */
export async function versionBy(
  command: readonly [string, ...string[]],
  pattern: RegExp,
): Promise<string> {
  const [file, ...args] = command;
  const { stdout, stderr } = await promisify(execFile)(file, args);
  return pattern.exec(stdout + stderr)?.[1] ?? "unknown";
}
