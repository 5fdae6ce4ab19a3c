/*
 * A person's browser at a door that asks who they are, and what its pages asked for on the way.
 */
import { type Browser, type BrowserContextOptions, devices, type Page } from "playwright-core";
import { expect } from "vitest";
import type { OpenDoor } from "../support/genkan.ts";

/** For a busy machine; no test is about time. */
export const SOON = { timeout: 30_000 };

export interface Visitor {
  readonly page: Page;
  /** Addresses of everything the browser asked for, frames and WebSockets with it. */
  readonly asked: readonly string[];
}

export type Screen = "desktop" | "phone";

const SCREENS: Readonly<Record<Screen, BrowserContextOptions>> = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { ...devices["Pixel 7"] },
};

/**
 * A new profile that opens a page and is let in by the digits the door gives, if it is asked for them.
 * @param url as a person types it; they are there when this resolves
 */
export async function comeIn(
  browser: Browser,
  { ready }: Pick<OpenDoor, "ready">,
  { url, screen = "desktop" }: { readonly url: string; readonly screen?: Screen },
): Promise<Visitor> {
  const profile = await browser.newContext(SCREENS[screen]);
  // Canvas' first steps for new people are not what is tested.
  await profile.addInitScript(`localStorage.setItem("openhands-onboarded", "1")`);
  const page = await profile.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("websocket", (socket) => asked.push(socket.url()));
  await page.goto(url);
  expect(new URL(page.url())).toMatchObject({ hostname: "genkan.local", pathname: "/enter" });
  await page.fill("#digits", ready.pairing?.digits ?? "");
  await page.fill("#name", screen);
  await page.click("form.pair button");
  await page.waitForURL(url, SOON);
  return { page, asked };
}

/** What the browser asked for that is on the device itself, where nothing of the home is. */
export function askedOfItself({ asked }: Visitor): string[] {
  return asked.filter((url) => /^(?:https?|wss?):\/\/(?:localhost|127\.|\[::1\])/.test(url));
}
