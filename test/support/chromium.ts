import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { makeNssDatabase } from "./nss.ts";
import { tempFolder } from "./temp.ts";
import { toolPath } from "./tools.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A headless Chromium with a profile of its own, gone when the test ends; it speaks to nobody but the test. */
export async function launchChromium(
  args: readonly string[] = [],
  env: Env = {},
): Promise<Browser> {
  const executablePath = toolPath("chromium");
  if (executablePath === undefined)
    throw new Error("chromium is missing: scripts/install-test-tools");
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
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

/**
 * Chromium as on a device of the household: a home of its own whose NSS database trusts these roots (PEM
 * files), and every name answered with 127.0.0.1, as the home's name service would.
 */
export function chromiumAtHome(
  roots: readonly string[],
  args: readonly string[] = [],
): Promise<Browser> {
  const home = tempFolder();
  makeNssDatabase(join(home, ".local/share/pki/nssdb"), roots);
  const names = ["--host-resolver-rules=MAP * 127.0.0.1", "--no-proxy-server"];
  return launchChromium([...names, ...args], {
    HOME: home,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
  });
}

/**
 * How the WebSocket handshakes of a page are answered, added as they come: 101 over HTTP/1.1, 200 over
 * HTTP/2, where there is nothing to switch (RFC 8441 section 5).
 */
export async function webSocketAnswers(page: Page): Promise<readonly number[]> {
  const answers: number[] = [];
  const devtools = await page.context().newCDPSession(page);
  devtools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
    answers.push(response.status);
  });
  await devtools.send("Network.enable");
  return answers;
}

/** By what protocol the open page came: `h2`. */
export function protocolOf(page: Page): Promise<string> {
  return page.evaluate<string>(`performance.getEntriesByType("navigation")[0].nextHopProtocol`);
}
