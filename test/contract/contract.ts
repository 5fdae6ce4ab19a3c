/*
 * What the contract is made of: topics of sentences, each with the proof an engine has to give. The
 * case files say them, both engines are held to them, and docs/engines.md lists them.
 */
import type { Version } from "../../src/engines/nginx/facts.ts";
import type { AnswerRewriter, Gate } from "../../src/engines/needs.ts";
import type { Upstream } from "../../src/model/target.ts";
import type { Terms, TestDoor } from "../support/door.ts";
import { type Play, rawApp, type RawApp } from "../support/raw-app.ts";

/** An engine that is open on loopback in front of apps, and ways to talk to it. */
export type EngineUnderTest = Pick<
  TestDoor,
  "engine" | "httpsPort" | "httpPort" | "raw" | "plain" | "http2"
>;

export interface EngineOptions {
  /**
   * `short`: every deadline for silent visitors that the engine has is a second or less.
   * `wide`: one address may have as many connections and streams as a test needs.
   */
  readonly limits?: "short" | "wide";
  /** Who may open the apps, and who knows; unless told, everyone may and nobody is asked. */
  readonly terms?: Terms;
  readonly gate?: Gate;
  /** Who rewrites answers that name ports of sandboxes; unless told, nobody. */
  readonly rewriter?: AnswerRewriter;
}

/** Opens an engine in front of apps by name, each answering to `<name>.local`; closed when the test ends. */
export type OpenEngine = (
  apps: Readonly<Record<string, Upstream | number>>,
  options?: EngineOptions,
) => Promise<EngineUnderTest>;

export interface Topic {
  readonly title: string;
  /** By sentence. */
  readonly proofs: Readonly<Record<string, (open: OpenEngine) => Promise<void>>>;
}

/** Sentences that are not true of an engine, and why not. */
export interface Gap {
  readonly reason: string;
  readonly tests: readonly string[];
  /** The version of the engine's program from which on they are true: held to there. */
  readonly before?: Version;
}

export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
export const GET = "GET / HTTP/1.1\r\nHost: wiki.local\r\n";
/** Proofs name the protocol they spoke, so that a failure does too. */
export const PROTOCOLS = ["http/1.1", "h2"] as const;

export interface Scene {
  readonly app: RawApp;
  readonly door: EngineUnderTest;
}

/** An engine in front of `wiki.local`, an app that plays this. */
export async function scene(
  open: OpenEngine,
  play: Play,
  options: EngineOptions = {},
): Promise<Scene> {
  const app = await rawApp(play);
  return { app, door: await open({ wiki: app.to }, options) };
}
