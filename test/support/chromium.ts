import { chromium, type Browser } from "playwright-core";
import { onTestFinished } from "vitest";
import { toolPath } from "./tools.ts";

/** A headless Chromium with a profile of its own, gone when the test ends; it speaks to nobody but the test. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = toolPath("chromium");
  if (executablePath === undefined)
    throw new Error("chromium is missing: scripts/install-test-tools");
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", // the tests may run as root, where Chromium's own sandbox does not start
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
  onTestFinished(() => browser.close());
  return browser;
}
