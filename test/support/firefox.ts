/*
 * Firefox, driven over WebDriver BiDi: a page is opened, and asked what it sees.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import type { NetworkHost } from "./namespaces.ts";
import { makeNssDatabase } from "./nss.ts";
import { tempFolder } from "./temp.ts";
import { toolPath } from "./tools.ts";

export interface Firefox {
  /** Loads a page whole. Rejects with Firefox's own error code (`SEC_ERROR_UNKNOWN_ISSUER`) where it refuses. */
  open(url: string): Promise<void>;
  /** What an expression in the open page comes to, a promise awaited: a text, number, boolean or null. */
  evaluate(expression: string): Promise<unknown>;
  /** Ends it before the test does. */
  end(): Promise<void>;
}

/**
 * A headless Firefox as on a device of the household: a profile of its own that trusts these roots (PEM
 * files), and every name answered with 127.0.0.1. Gone when the test ends.
 */
export async function firefoxAtHome(roots: readonly string[]): Promise<Firefox> {
  const profile = tempFolder();
  makeNssDatabase(profile, roots);
  writePreferences(profile, [["network.dns.forceResolve", "127.0.0.1"]]);
  return launch(programPath(), profile, (place) => place);
}

/** A headless Firefox in a host of support/namespaces.ts: it knows the names, roots and policies of that host. */
export async function firefoxIn(host: NetworkHost, profile = tempFolder()): Promise<Firefox> {
  writePreferences(profile, []);
  // It listens to commands in the host alone; files are the one thing both sides see.
  const way = join(tempFolder(), "commands");
  return launch(host.launcher(programPath()), profile, async (place) => {
    const { port } = new URL(place);
    const relay = host.start(process.execPath, ["-e", RELAY, way, port]);
    await vi.waitFor(() => expect(relay.stdout()).toContain("ready"), { timeout: 20_000 });
    return `ws+unix://${way}:`;
  });
}

const RELAY = `
const net = require("node:net");
const [way, port] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(Number(port), "127.0.0.1");
  near.on("error", () => far.destroy()).on("close", () => far.destroy());
  far.on("error", () => near.destroy()).on("close", () => near.destroy());
  near.pipe(far).pipe(near);
}).listen(way, () => console.log("ready"));`;

function programPath(): string {
  const program = toolPath("firefox-esr") ?? toolPath("firefox");
  if (program === undefined) throw new Error("firefox-esr is missing: scripts/install-test-tools");
  return program;
}

/** @param reach the place it listens to commands at, as this process reaches it. */
async function launch(
  program: string,
  profile: string,
  reach: (place: string) => string | Promise<string>,
): Promise<Firefox> {
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  const firefox = spawn(program, args, {
    env: { ...process.env, HOME: profile, MOZ_HEADLESS: "1" },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a group of its own, so that its content processes end with it
  });
  onTestFinished(() => endGroup(firefox));
  const place = await whereItListens(firefox);
  const command = await talk(`${await reach(place)}/session`, new URL(place).host);
  await command("session.new", { capabilities: {} });
  const { context } = await command("browsingContext.create", { type: "tab" });
  return {
    async open(url) {
      await command("browsingContext.navigate", { context, url, wait: "complete" });
    },
    async evaluate(expression) {
      const answer = await command("script.evaluate", {
        expression,
        target: { context },
        awaitPromise: true,
      });
      if (answer["type"] === "success") return (answer["result"] as { value?: unknown }).value;
      throw new Error((answer["exceptionDetails"] as { text: string }).text);
    },
    end: () => endGroup(firefox),
  };
}

const PREFERENCES = [
  ["network.dns.native_https_query", false],
  ["network.proxy.type", 0],
  ["network.captive-portal-service.enabled", false],
  ["app.update.enabled", false],
  ["datareporting.policy.dataSubmissionEnabled", false],
  ["remote.prefs.recommended", true],
] as const;

function writePreferences(profile: string, more: readonly (readonly [string, string])[]): void {
  const lines = [...PREFERENCES, ...more].map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
}

async function whereItListens(firefox: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    firefox.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      const place = /WebDriver BiDi listening on (ws:\S+)\n/.exec(said)?.[1];
      if (place !== undefined) resolve(place);
    });
    firefox.once("exit", (code) => reject(new Error(`Firefox ended (${code}): ${said}`)));
    firefox.once("error", reject);
  });
}

type Answer = Readonly<Record<string, unknown>>;

/**
 * Commands and answers of one session; whatever is unanswered when it ends is rejected.
 * @param host what Firefox is called at: it answers to its own address alone.
 */
async function talk(
  url: string,
  host: string,
): Promise<(method: string, params: Answer) => Promise<Answer>> {
  const socket = new WebSocket(url, { headers: { host } });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  socket.on("message", (data: Buffer) => {
    const { id, result, message } = JSON.parse(data.toString()) as {
      id?: number;
      result?: Answer;
      message?: string;
    };
    const asked = waiting.get(id ?? -1);
    if (result) asked?.resolve(result);
    else asked?.reject(new Error(message));
  });
  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("Firefox hung up"));
  });
  return (method, params) => {
    const id = waiting.size + 1;
    const asked = withResolvers<Answer>();
    waiting.set(id, asked);
    socket.send(JSON.stringify({ id, method, params }));
    return asked.promise;
  };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (why: Error) => void;
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (why: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

async function endGroup(firefox: ChildProcess): Promise<void> {
  if (firefox.pid === undefined || firefox.exitCode !== null || firefox.signalCode !== null) return;
  process.kill(-firefox.pid, "SIGKILL");
  await once(firefox, "exit");
}
