import { connect as connectTcp, type Socket } from "node:net";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import type { Engine } from "../../src/engines/engine.ts";
import type { AnswerRewriter, Gate, LeafSource, Pages, Problem } from "../../src/engines/needs.ts";
import { createNodeEngine } from "../../src/engines/node/engine.ts";
import type { Limits } from "../../src/engines/node/limits.ts";
import { createUpstreamClient } from "../../src/engines/node/upstream/client.ts";
import type { UpstreamClient } from "../../src/engines/node/upstream/upstream.ts";
import { type Clock, systemClock } from "../../src/kernel/clock.ts";
import { createLog, type LogEntry } from "../../src/kernel/log.ts";
import type { Plan, PlannedApp, Route } from "../../src/model/plan.ts";
import { PORTAL_HOSTS } from "../../src/model/plan.ts";
import { parseTarget, type Upstream } from "../../src/model/target.ts";
import { CLOSED_GATE } from "./household.ts";
import type { Until } from "./temp.ts";
import { createThrowawayCa, type ThrowawayCa } from "./throwaway-ca.ts";

export interface DoorOptions {
  readonly limits?: Partial<Limits>;
  readonly leaves?: LeafSource;
  readonly upstream?: UpstreamClient;
  readonly clock?: Clock;
  readonly portal?: Pages["portal"];
  readonly gate?: Gate;
  readonly terms?: Terms;
  readonly rewriter?: AnswerRewriter | undefined;
  readonly instance?: string;
  readonly until?: Until;
}

/** Who may open the apps (everyone, unless told), and where their answers name sandboxes (nowhere). */
export type Terms = Partial<Pick<PlannedApp, "access" | "openPaths" | "sandboxes">>;

export interface TestDoor {
  readonly engine: Engine;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly log: readonly LogEntry[];
  /** Problems that were made into pages, in order. */
  readonly problems: readonly Problem[];
  /** A TLS connection speaking HTTP/1.1 to a name, as raw bytes. */
  raw(name: string, options?: ConnectionOptions): Promise<Talk>;
  plain(): Promise<Talk>;
  http2(name: string): Promise<ClientHttp2Session>;
}

let authority: Promise<ThrowawayCa> | undefined;

/** The authority of this test file's doors. */
export function testAuthority(): Promise<ThrowawayCa> {
  authority ??= createThrowawayCa();
  return authority;
}

/** A plan of apps by name; each answers to `<name>.local`. */
export function planOf(
  apps: Readonly<Record<string, Upstream | number>>,
  { access = "open", openPaths = [], sandboxes }: Terms = {},
): Plan {
  const planned = Object.entries(apps).map(([name, to]): PlannedApp => {
    const upstream = typeof to === "number" ? parseTarget(String(to)) : to;
    const hosts = [`${name}.local`];
    return { name, hosts, upstream, origins: [], access, openPaths, sandboxes };
  });
  const routes = new Map<string, Route>();
  for (const host of PORTAL_HOSTS) routes.set(host, { kind: "portal", host });
  for (const app of planned) {
    for (const host of app.hosts) routes.set(host, { kind: "app", host, app });
  }
  return { apps: planned, routes };
}

/** An open door on loopback in front of these apps, with the real client behind it; closed when the test ends. */
export async function openDoor(
  apps: Readonly<Record<string, Upstream | number>>,
  options: DoorOptions = {},
): Promise<TestDoor> {
  const ca = await testAuthority();
  const log: LogEntry[] = [];
  const problems: Problem[] = [];
  const engine = createNodeEngine({
    listen: { addresses: ["127.0.0.1"], httpsPort: 0, httpPort: 0 },
    leaves: options.leaves ?? ca.leaves,
    pages: pagesNoting(problems, options.portal),
    gate: options.gate ?? CLOSED_GATE,
    upstream: options.upstream ?? createUpstreamClient(),
    log: createLog(Date.now, (entry) => log.push(entry)),
    clock: options.clock ?? systemClock,
    limits: { linger: 300, sweep: 50, ...options.limits },
    instance: options.instance ?? "test",
    rewriter: options.rewriter,
  });
  (options.until ?? onTestFinished)(() => engine.stop(0));
  await engine.apply(planOf(apps, options.terms));
  return { engine, log, problems, ...waysInto(engine, ca.caPem) };
}

/** How visitors reach an engine that listens, trusting this root. */
export function waysInto(
  engine: Engine,
  ca: string,
): Pick<TestDoor, "httpsPort" | "httpPort" | "raw" | "plain" | "http2"> {
  const [secure, plain] = engine.listening();
  const httpsPort = secure?.port ?? 0;
  const httpPort = plain?.port ?? 0;
  const to = (name: string, protocol: string): ConnectionOptions => ({
    host: "127.0.0.1",
    port: httpsPort,
    ca,
    ALPNProtocols: [protocol],
    ...(name === "" ? {} : { servername: name }),
  });
  return {
    httpsPort,
    httpPort,
    raw: (name, more) =>
      talkOver(connectTls({ ...to(name, "http/1.1"), ...more }), "secureConnect"),
    plain: () => talkOver(connectTcp(httpPort, "127.0.0.1"), "connect"),
    http2: (name) => openSession(name, () => connectTls(to(name, "h2"))),
  };
}

/** Pages that say a problem in a word, and note it. */
export function pagesNoting(problems: Problem[], portal: Pages["portal"] | undefined): Pages {
  return {
    problem: (problem, accept) => {
      problems.push(problem);
      return {
        headers: { "content-type": "text/plain", "x-accept": accept ?? "none" },
        body: `${problem.code} ${problem.id}`,
      };
    },
    atApp: async (_request, response, { host }) => {
      response.end(`the door's, at ${host}`);
    },
    portal:
      portal ??
      (async (_request, response) => {
        response.end("portal");
      }),
  };
}

async function openSession(name: string, dial: () => TLSSocket): Promise<ClientHttp2Session> {
  const session = connectHttp2(`https://${name}`, { createConnection: dial });
  onTestFinished(() => session.destroy());
  session.on("error", () => undefined); // what a test provokes, it sees by other signs
  await new Promise((resolve, reject) => {
    session.once("remoteSettings", resolve);
    session.once("error", reject);
  });
  return session;
}

/** A conversation in bytes: what was said, and waiting for what is answered. */
export interface Talk {
  readonly socket: Socket | TLSSocket;
  /** Everything heard so far, latin1. */
  heard(): string;
  say(text: string): void;
  /** What was heard, once it holds `text` (or matches it). Rejects when the other side ends before. */
  until(text: string | RegExp): Promise<string>;
  /** What was heard, once the other side has ended or reset the connection. */
  end(): Promise<string>;
}

/** Makes a socket that is being connected (`ready` tells when it is) a conversation; ended with the test. */
export async function talkOver(socket: Socket | TLSSocket, ready: string): Promise<Talk> {
  let heard = "";
  let isOver = false;
  socket.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
  socket.on("error", () => undefined); // resets are what many tests are about
  socket.on("close", () => (isOver = true));
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once(ready, () => resolve());
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed")));
  });
  return {
    socket,
    heard: () => heard,
    say: (text) => void socket.write(text, "latin1"),
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const isThere = typeof text === "string" ? heard.includes(text) : text.test(heard);
          if (!isThere) return;
          socket.off("data", look);
          resolve(heard);
        };
        socket.on("data", look);
        socket.once("close", () => reject(new Error(`ended without ${text}, after: ${heard}`)));
        look();
      }),
    end: () =>
      new Promise((resolve) => {
        if (isOver) resolve(heard);
        else socket.once("close", () => resolve(heard));
      }),
  };
}
