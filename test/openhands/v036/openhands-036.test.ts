/*
 * The stand-in for 0.36 and its page by themselves, without a door: what works on the machine itself, and what
 * does not from another name, which is what the door is for.
 */
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { chromiumAtHome } from "../../support/chromium.ts";
import { describeWithTools } from "../../support/tools.ts";
import { AGENT_REPLY } from "./conversation-036.ts";
import { type OpenHands036, type Options036, startOpenHands036 } from "./openhands-036.ts";

const SOON = { timeout: 30_000 };

async function started(options: Options036 = {}): Promise<OpenHands036> {
  const openHands = await startOpenHands036(options);
  onTestFinished(() => openHands.stop());
  return openHands;
}

/** Begins a conversation on the page, and waits until it may speak. */
async function conversation(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.click("#new");
  await page.waitForURL(/conversations/);
  await page.getByText("awaiting_user_input").waitFor(SOON);
  return page;
}

test("tells who asks by bodies alone, as 0.36 does", async () => {
  const openHands = await started();
  const { port } = openHands;
  const at = `http://127.0.0.1:${port}`;
  expect(await (await fetch(`${at}/health`)).json()).toBe("OK");
  const alive = await fetch(`${at}/alive`);
  expect([alive.status, alive.headers.get("content-type")]).toEqual([
    200,
    "text/html; charset=utf-8",
  ]);
  expect((await fetch(`${at}/api/settings`)).status).toBe(404);
  const refused = await fetch(`${at}/api/conversations`, { method: "POST", body: "{}" });
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { msg_id: "CONFIGURATION$SETTINGS_NOT_FOUND" },
  ]);
  expect(openHands.unexpected).toEqual([]);
  await fetch(`${at}/nowhere`, { headers: { cookie: "__Host-genkan=a", "x-genkan-secret": "b" } });
  expect(openHands.unexpected).toEqual([
    "0.36: /nowhere: the cookie __Host-genkan came",
    "0.36: /nowhere: the field x-genkan-secret came",
    "0.36: nobody expected GET /nowhere",
  ]);
});

test("refuses more than twenty requests of one client in a second", async () => {
  const { port } = await started({ hasRateLimit: true });
  const asked = Array.from({ length: 30 }, () => fetch(`http://127.0.0.1:${port}/health`));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});

describeWithTools("the page of 0.36 without a door", ["chromium", "certutil"], () => {
  test("does everything on the machine itself", async () => {
    const openHands = await started();
    const browser = await chromiumAtHome([]);
    const page = await conversation(browser, `${openHands.url}/?plain`);
    await page.fill("#text", "Hello");
    await page.click("#chat button");
    await page.getByText(`agent: ${AGENT_REPLY} Hello`).waitFor(SOON);
    await page.frameLocator("#editor").getByText("connected", { exact: true }).waitFor(SOON);
    await page.frameLocator("#app").getByText("It works.").waitFor(SOON);
    openHands.sockets.drop();
    await expect.poll(openHands.sockets.transports, SOON).toEqual(["websocket"]);
    // Cookies know no ports: one sandbox port may be handed another's, and nothing worse has come.
    const odd = openHands.unexpected.filter(
      (what) => !/the cookie (?:vscode-tkn|app-session) came$/.test(what),
    );
    expect(odd).toEqual([]);
  });

  test("has no editor from another name, and gives the UI's cookie to every sandbox", async () => {
    const openHands = await started();
    const browser = await chromiumAtHome([]);
    const page = await conversation(browser, `http://openhands.local:${openHands.port}/`);
    await page.frameLocator("#editor").getByText("Forbidden.").waitFor(SOON);

    const near = await conversation(browser, openHands.url);
    await near.frameLocator("#editor").getByText("connected", { exact: true }).waitFor(SOON);
    expect(openHands.unexpected).toContain("VS Code: /: the cookie ui-session came");
  });
});
