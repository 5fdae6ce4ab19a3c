/*
 * Firefox, driven over WebDriver BiDi: a page is opened, and asked what it sees.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { makeNssDatabase } from "./nss.ts";
import { tempFolder } from "./temp.ts";
import { toolPath } from "./tools.ts";

export interface Firefox {
  /** Loads a page whole. Rejects with Firefox's own error code (`SEC_ERROR_UNKNOWN_ISSUER`) where it refuses. */
  open(url: string): Promise<void>;
  /** What an expression in the open page comes to, a promise awaited: a text, number, boolean or null. */
  evaluate(expression: string): Promise<unknown>;
}

/**
 * A headless Firefox as on a device of the household: a profile of its own that trusts these roots (PEM
 * files), and every name answered with 127.0.0.1. Gone when the test ends.
 */
export async function firefoxAtHome(roots: readonly string[]): Promise<Firefox> {
  const program = toolPath("firefox-esr") ?? toolPath("firefox");
  if (program === undefined) throw new Error("firefox-esr is missing: scripts/install-test-tools");
  const profile = tempFolder();
  makeNssDatabase(profile, roots);
  writeFileSync(join(profile, "user.js"), PREFERENCES);
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  const firefox = spawn(program, args, {
    env: { ...process.env, HOME: profile, MOZ_HEADLESS: "1" },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a group of its own, so that its content processes end with it
  });
  onTestFinished(() => endGroup(firefox));
  const command = await talk(`${await whereItListens(firefox)}/session`);
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
  };
}

const PREFERENCES = [
  ["network.dns.forceResolve", "127.0.0.1"],
  ["network.dns.native_https_query", false],
  ["network.proxy.type", 0],
  ["network.captive-portal-service.enabled", false],
  ["app.update.enabled", false],
  ["datareporting.policy.dataSubmissionEnabled", false],
  ["remote.prefs.recommended", true],
]
  .map(([name, value]) => `user_pref("${String(name)}", ${JSON.stringify(value)});\n`)
  .join("");

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

/** Commands and answers of one session; whatever is unanswered when it ends is rejected. */
async function talk(url: string): Promise<(method: string, params: Answer) => Promise<Answer>> {
  const socket = new WebSocket(url);
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
