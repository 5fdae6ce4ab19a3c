/*
 * Whether a server of OpenHands is truly there: each generation by its own route and body, since unknown paths of
 * 0.36 answer 200 with its page.
 */
import { request } from "node:http";
import { messageOf } from "../../kernel/errors.ts";
import type { Generation } from "./generations.ts";
import { readRecord } from "./read-docker.ts";

interface Said {
  readonly status: number;
  readonly body: string;
}

const QUESTIONS: Readonly<
  Record<Generation, readonly (readonly [path: string, isWell: (said: Said) => boolean])[]>
> = {
  // openhands/server/routes/health.py and public.py
  "0.36": [
    ["/health", ({ body }) => body.trim() === '"OK"'],
    ["/api/options/config", ({ body }) => "APP_MODE" in jsonOf(body)],
  ],
  "1": [["/alive", ({ body }) => jsonOf(body)["status"] === "ok"]],
  // openhands-agent-server: 503 while it begins
  canvas: [["/ready", ({ status, body }) => status === 200 && jsonOf(body)["status"] === "ready"]],
};

/** @returns undefined where it is ready; otherwise why not, as half a sentence. */
export async function whyNotReady(
  generation: Generation,
  port: number,
): Promise<string | undefined> {
  for (const [path, isWell] of QUESTIONS[generation]) {
    try {
      const said = await get(port, path);
      if (!isWell(said))
        return `GET ${path} answered ${said.status}, and not as it does when ready`;
    } catch (thrown) {
      return `GET ${path} got no answer (${messageOf(thrown)})`;
    }
  }
  return undefined;
}

/** Milliseconds for one answer. */
const PATIENCE = 3_000;
const LARGEST = 64 * 1024;

function get(port: number, path: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const asked = request({ host: "127.0.0.1", port, path, signal, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
        if (body.length > LARGEST) response.destroy(new Error("its answer is too long"));
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.once("error", reject);
    });
    asked.once("error", reject);
    asked.end();
  });
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return readRecord(JSON.parse(text));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return {}; // a page, say
    throw thrown;
  }
}
