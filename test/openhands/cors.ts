/*
 * Cross-origin answers exactly as Starlette's CORSMiddleware gives them with allow_credentials, every method
 * and every header; origins are those of localhost alone, and those named (V0:openhands/server/middleware.py
 * LocalhostCORSMiddleware, SDK:openhands-agent-server/…/middleware.py).
 */
import type { Ask, First } from "./stand-in.ts";

const METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/** @param more origins besides localhost's: `OH_ALLOW_CORS_ORIGINS_n`. */
export function corsOfLocalhost(more: readonly string[] = []): (ask: Ask) => First {
  return ({ method, headers }) => {
    const { origin } = headers;
    if (origin === undefined) return {};
    const allowed = isLocal(origin) || more.includes(origin);
    const named = { vary: "Origin", "access-control-allow-origin": origin };
    const wanted = headers["access-control-request-method"];
    if (method !== "OPTIONS" || wanted === undefined) {
      return { fields: { "access-control-allow-credentials": "true", ...(allowed ? named : {}) } };
    }
    const asked = headers["access-control-request-headers"];
    const fields = {
      vary: "Origin",
      "access-control-allow-methods": METHODS,
      "access-control-max-age": "600",
      "access-control-allow-credentials": "true",
      ...(allowed ? named : {}),
      ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
    };
    const instead = allowed ? { text: "OK" } : { status: 400, text: "Disallowed CORS origin" };
    return { fields, instead };
  };
}

function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "127.0.0.1";
}
