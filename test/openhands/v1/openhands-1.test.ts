/*
 * The stand-in for 1.x and its page by themselves, without a door.
 */
import type { Browser, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chromiumAtHome } from "../../support/chromium.ts";
import { describeWithTools } from "../../support/tools.ts";
import { AGENT_ANSWER } from "../agent/conversation.ts";
import { type OpenHands1, type Options1, startOpenHands1 } from "./openhands-1.ts";

const SOON = { timeout: 30_000 };

async function started(options: Options1 = {}): Promise<OpenHands1> {
  const openHands = await startOpenHands1(options);
  onTestFinished(() => openHands.stop());
  return openHands;
}

async function conversation(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.click("#new");
  await page.waitForURL(/conversations/);
  return page;
}

describe("the agent-server of a sandbox", () => {
  test("answers preflights of localhost's pages alone, and nothing without the key", async () => {
    const openHands = await started({ hasSettings: true });
    await fetch(`http://127.0.0.1:${openHands.port}/api/v1/app-conversations`, {
      method: "POST",
      body: "{}",
    });
    const [begun] = [...openHands.conversations.values()];
    const { port } = begun!.sandbox.agent;
    const ask = (origin: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/api/git/changes/a`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "GET",
          "access-control-request-headers": "x-session-api-key",
        },
      });
    const local = await ask("http://localhost:3000");
    expect([local.status, local.headers.get("access-control-allow-headers")]).toEqual([
      200,
      "x-session-api-key",
    ]);
    const foreign = await ask("https://openhands.local");
    expect([foreign.status, await foreign.text()]).toEqual([400, "Disallowed CORS origin"]);
    const bare = await fetch(`http://127.0.0.1:${port}/api/git/changes/a`);
    expect(bare.status).toBe(401);
  });
});

describeWithTools("the page of 1.x without a door", ["chromium", "certutil"], () => {
  test.each(["query", "first frame"] as const)(
    "does everything on the machine itself, with the key in its %s",
    async (auth) => {
      const openHands = await started({ auth });
      const browser = await chromiumAtHome([]);
      const page = await conversation(browser, `${openHands.url}/?plain`);
      await page.getByText("idle", { exact: true }).waitFor(SOON);
      await page.fill("#text", "Hello");
      await page.click("#chat button");
      await page.getByText(`agent: ${AGENT_ANSWER} Hello`).waitFor(SOON);
      await page.click("#upload");
      await page.getByText("ADDED notes.txt").waitFor(SOON);
      await page.frameLocator("#editor").getByText("connected", { exact: true }).waitFor(SOON);
      await page.frameLocator("#app").getByText("It works.").waitFor(SOON);
      const [begun] = [...openHands.conversations.values()];
      expect(begun?.sandbox.agent.socket.shownBy).toEqual([auth]);
      expect([...begun!.sandbox.agent.files]).toEqual([["/workspace/project/notes.txt", "玄関\n"]]);
      // Cookies know no ports: one sandbox port may be handed another's, and nothing worse has come.
      const odd = openHands.unexpected.filter(
        (what) => !/the cookie (?:vscode-tkn|app-session) came$/.test(what),
      );
      expect(odd).toEqual([]);
    },
  );

  test("cannot upload from another name", async () => {
    const openHands = await started();
    const browser = await chromiumAtHome([]);
    const page = await conversation(browser, `http://openhands.local:${openHands.port}/?plain`);
    await page.getByText("idle", { exact: true }).waitFor(SOON);
    await page.click("#upload");
    await page.getByText("upload failed").waitFor(SOON);
    const [begun] = [...openHands.conversations.values()];
    expect([...begun!.sandbox.agent.files]).toEqual([]);
  });
});
