/*
 * How 0.36 slows down and refuses who asks too much: over 10 requests in a second wait for one, over 20 are
 * refused (V0:openhands/server/middleware.py InMemoryRateLimiter). Behind a proxy all visitors are one client, unless
 * the server believes X-Forwarded-For, which uvicorn does from 127.0.0.1 (FORWARDED_ALLOW_IPS).
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Ask } from "../stand-in.ts";

export function rateLimit036(): (ask: Ask) => Promise<Answer | undefined> {
  const history = new Map<string, number[]>();
  return async ({ path, headers, from }) => {
    if (path.startsWith("/assets")) return undefined;
    const client =
      String(headers["x-forwarded-for"] ?? from)
        .split(",")
        .at(-1)
        ?.trim() ?? from;
    const recent = (history.get(client) ?? []).filter((at) => at > Date.now() - 1000);
    recent.push(Date.now());
    history.set(client, recent);
    if (recent.length > 20) return { status: 429, json: { message: "Too many requests" } };
    if (recent.length > 10) await wait(1000);
    return undefined;
  };
}
