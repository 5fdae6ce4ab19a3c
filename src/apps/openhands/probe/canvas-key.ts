/*
 * The key of Agent Canvas: from the page, where every device of the household gets it (AC:scripts/static-server.mjs
 * writes it into index.html), else from what Genkan kept. Called by the looks that need it; it is never shown.
 */
import { parsed, type Wire } from "./wire.ts";

export interface FoundKey {
  readonly key: string;
  readonly from: "page" | "kept";
}

/** Redirects followed: in Docker the page is at /canvas. */
const MOST_STEPS = 3;

export async function findKey(
  wire: Wire,
  kept: () => Promise<string | undefined>,
): Promise<FoundKey | undefined> {
  const inPage = keyIn(await pageOf(wire));
  if (inPage !== undefined) return { key: inPage, from: "page" };
  const key = await kept();
  return key === undefined ? undefined : { key, from: "kept" };
}

/** The first page, as a device is led to it; empty where that never ends. */
export async function pageOf(wire: Wire): Promise<string> {
  let path = "/";
  for (let step = 0; step < MOST_STEPS; step++) {
    const { location, text } = await wire.ask({ path });
    if (location === undefined || !location.startsWith("/") || location.startsWith("//"))
      return text;
    path = location;
  }
  return "";
}

/** `window.__AGENT_CANVAS_SESSION_API_KEY__="…";` */
export function keyIn(page: string): string | undefined {
  const text = /__AGENT_CANVAS_SESSION_API_KEY__\s*=\s*("(?:[^"\\]|\\.)*")/.exec(page)?.[1];
  const key = text === undefined ? undefined : parsed(text);
  return typeof key === "string" && key !== "" ? key : undefined;
}
