/*
 * Which OpenHands answers through the door, by the marks the preset goes by too (marks.ts). Called by the probe's
 * checks, once.
 */
import { ASKS, generationIn, PAGE, ROUTES } from "../marks.ts";
import { pageOf } from "./canvas-key.ts";
import { type Heard, textField, type Wire } from "./wire.ts";

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
  const health = await wire.ask({ path: ROUTES.health });
  if (health.problem !== undefined) return { is: "problem", code: health.problem };
  const heard = new Map([[ROUTES.health as string, health]]);
  const page = await pageOf(wire);
  for (const path of ASKS) {
    if (!heard.has(path)) heard.set(path, await wire.ask({ path }));
    const is = generationIn({ page, json: (asked) => heard.get(asked)?.json });
    if (is !== undefined) return is === "canvas" ? canvasOf(wire, heard) : guiOf(is, heard);
  }
  if (!isOurs(health)) return { is: "stranger", why: `GET /health answered ${shown(health)}` };
  if (!PAGE.test(page)) return { is: "stranger", why: "its first page is not OpenHands'" };
  const config = heard.get(ROUTES.config);
  const why = `GET ${ROUTES.config} answered ${config ? shown(config) : "nothing"}`;
  return { is: "stranger", why };
}

/** A later 0.x is spoken to as 0.36 is. */
function guiOf(is: "0.36" | "0.x" | "1", heard: ReadonlyMap<string, Heard>): Recognised {
  if (is === "1") return { is, note: "OpenHands 1.x" };
  const mode = textField(heard.get(ROUTES.config)?.json, "APP_MODE");
  return { is: "0.36", note: `OpenHands 0.x, APP_MODE ${mode}` };
}

/** Lists of 1.x, newest first. */
export const CONVERSATIONS = "/api/v1/app-conversations/search?limit=20";

async function canvasOf(wire: Wire, heard: ReadonlyMap<string, Heard>): Promise<Recognised> {
  const ready = await wire.ask({ path: "/ready" });
  const status = textField(ready.json, "status");
  if (ready.status === 503 && status !== undefined) return { is: "starting" };
  if (status !== "ready") return { is: "stranger", why: `GET /ready answered ${shown(ready)}` };
  const version = textField(heard.get(ROUTES.info)?.json, "version") ?? "of no version it tells";
  return { is: "canvas", note: `Agent Canvas, agent-server ${version}` };
}

function isOurs({ json }: Heard): boolean {
  return json === "OK" || textField(json, "status") === "ok";
}

/** An answer in few words: no keys are in those that are asked for here. */
function shown({ status, text, json }: Heard): string {
  if (json === undefined && /^\s*</.test(text)) return `${status} with a page`;
  return `${status} ${text.slice(0, 60)}`.trimEnd();
}
