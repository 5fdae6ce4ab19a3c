/*
 * A browser that was never let in, at the page of an app: to the portal, by the digits in, and back to the page
 * asked for, with its WebSocket; until the device is revoked. On both engines.
 */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { chromiumAtHome, webSocketAnswers } from "../support/chromium.ts";
import { openDoor } from "../support/genkan.ts";
import { startSocketIoApp } from "../support/socket-io-app.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

const PATIENCE = { timeout: 120_000 };
const SOON = { timeout: 30_000 };
const IS_READY = `state.textContent === "agent is awaiting user input"`;

async function askedAt(page: Page, url: string): Promise<void> {
  await page.goto(url);
  expect(new URL(page.url())).toMatchObject({ hostname: "genkan.local", pathname: "/enter" });
}

describe.each([
  ["node", []],
  ["nginx", ["nginx"]],
] as [string, string[]][])("engine %s", (engine, tools) => {
  describeWithTools("a browser nobody let in", ["chromium", "certutil", ...tools], () => {
    test(
      "comes by the digits to the page it asked for, and stays until it is revoked",
      PATIENCE,
      async () => {
        const app = await startSocketIoApp();
        const args = ["--engine", engine, "--access", "household"];
        const apps = ["openhands", "wiki"].map((name) => `${name}=${app.port}`);
        const door = await openDoor(tempFolder(), [...args, ...apps]);
        const browser = await chromiumAtHome([door.ready.root.path]);
        const profile = await browser.newContext();
        const page = await profile.newPage();
        const url = `https://openhands.local:${door.httpsPort}/?transports=websocket&deep=a%2Fb`;
        await askedAt(page, url);
        expect(app.transports()).toEqual([]);

        const answers = await webSocketAnswers(page);
        await page.fill("#digits", door.ready.pairing?.digits ?? "");
        await page.fill("#name", "Laptop");
        await page.click("form.pair button");
        await page.waitForURL(url, SOON);
        await page.waitForFunction(IS_READY, undefined, SOON);
        expect(await page.evaluate(`socket.emitWithAck("echo", "玄関")`)).toBe("玄関");
        expect(answers).toHaveLength(1);

        // At the next app nobody asks again.
        const second = await profile.newPage();
        await second.goto(`https://wiki.local:${door.httpsPort}/?transports=websocket`);
        expect(second.url()).toBe(`https://wiki.local:${door.httpsPort}/?transports=websocket`);
        await second.waitForFunction(IS_READY, undefined, SOON);

        await page.evaluate(`socket.on("disconnect", () => { window.lostAt = Date.now(); })`);
        expect(await door.genkan("revoke", "Laptop")).toMatchObject({ code: 0 });
        const revokedAt = Date.now();
        await page.waitForFunction("window.lostAt !== undefined", undefined, SOON);
        expect(Number(await page.evaluate("window.lostAt")) - revokedAt).toBeLessThan(1000);
        await askedAt(page, url);
        await expect.poll(app.transports, SOON).toEqual([]);
      },
    );
  });
});
