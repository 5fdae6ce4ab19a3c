/*
 * Which OpenHands answers, by its routes and bodies: every unknown path of 0.36 is the page with 200, so a status
 * alone says nothing. Sources: V0:openhands/server/routes/public.py, V1dev:openhands/app_server/v1_router.py,
 * SDK:openhands-agent-server/…/server_details_router.py.
 */
import { field, type Heard, textField, type Wire } from "./wire.ts";

export type Kind = "0.36" | "1" | "canvas";

export type Recognised =
  | { readonly is: Kind; readonly note: string }
  /** Canvas' agent-server is not ready yet. */
  | { readonly is: "starting" }
  /** The door, or something like it, answered in the app's place. */
  | { readonly is: "problem"; readonly code: string }
  | { readonly is: "stranger"; readonly why: string };

/** @throws as Wire.ask */
export async function recognise(wire: Wire): Promise<Recognised> {
  const health = await wire.ask({ path: "/health" });
  if (health.problem !== undefined) return { is: "problem", code: health.problem };
  if (health.json === "OK") return guiOf(wire);
  if (textField(health.json, "status") === "ok") return canvasOf(wire);
  return { is: "stranger", why: `GET /health answered ${shown(health)}` };
}

/** 1.x has the conversations of its own API; 0.36 has its page there. */
async function guiOf(wire: Wire): Promise<Recognised> {
  const config = await wire.ask({ path: "/api/options/config" });
  const mode = textField(config.json, "APP_MODE");
  const ofV1 = await wire.ask({ path: CONVERSATIONS });
  if (Array.isArray(field(ofV1.json, "items"))) return { is: "1", note: "OpenHands 1.x" };
  if (mode !== undefined) return { is: "0.36", note: `OpenHands 0.x, APP_MODE ${mode}` };
  return { is: "stranger", why: `GET /api/options/config answered ${shown(config)}` };
}

/** Lists of 1.x, newest first. */
export const CONVERSATIONS = "/api/v1/app-conversations/search?limit=20";

async function canvasOf(wire: Wire): Promise<Recognised> {
  const ready = await wire.ask({ path: "/ready" });
  if (ready.status === 503 && textField(ready.json, "status") !== undefined)
    return { is: "starting" };
  const info = await wire.ask({ path: "/server_info" });
  const version = textField(info.json, "version");
  if (textField(ready.json, "status") === "ready" && version !== undefined)
    return { is: "canvas", note: `Agent Canvas, agent-server ${version}` };
  return { is: "stranger", why: `GET /ready answered ${shown(ready)}` };
}

/** An answer in few words: no keys are in those that are asked for here. */
function shown({ status, text, json }: Heard): string {
  if (json === undefined && /^\s*</.test(text)) return `${status} with a page`;
  return `${status} ${text.slice(0, 60)}`.trimEnd();
}
