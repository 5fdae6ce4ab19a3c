/*
 * Whether a name is answered yet: for start-up times and for changes while a proxy runs.
 */
import { request } from "node:https";
import { until } from "../machine.ts";
import type { Stage } from "../peer.ts";

/** Resolves as soon as `host` is answered with 200. @param cookie of who asks. @throws after a minute. */
export async function answered({ port }: Stage, host: string, cookie = ""): Promise<void> {
  await until(() => isAnswered(port, { host, cookie }), { everyMs: 5 });
}

function isAnswered(port: number, headers: { host: string; cookie: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path: "/100", rejectUnauthorized: false };
    const asked = request({
      ...options,
      servername: headers.host,
      headers,
      agent: false,
      timeout: 5000,
    });
    asked.on("response", (answer) => {
      answer.resume();
      answer.on("close", () => resolve(answer.statusCode === 200));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false)); // nobody listens yet
    asked.end();
  });
}
